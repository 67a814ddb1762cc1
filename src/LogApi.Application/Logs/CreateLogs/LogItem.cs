namespace LogApi.Application.Logs.CreateLogs;

/// <summary>One entry of a batch as a client sent it: nothing is checked yet but the types.</summary>
public sealed class LogItem
{
    /// <summary>The client's id for it.</summary>
    public string? Id { get; init; }

    /// <summary>What was run.</summary>
    public string? Query { get; init; }

    /// <summary>With which outcome.</summary>
    public string? Status { get; init; }

    /// <summary>When the client says it happened.</summary>
    public string? OccurredAt { get; init; }

    /// <summary>What the client says besides.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string?>>? Attributes { get; init; }

    /// <summary>Names the type alone: what was run is not for the service's own log.</summary>
    public override string ToString() => nameof(LogItem);
}
