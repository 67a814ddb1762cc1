using LogApi.Domain.Entries;

namespace LogApi.Domain.Search;

/// <summary>The conditions of a <see cref="LogFilter"/>; one that is null or empty is none.</summary>
public sealed record LogCriteria
{
    /// <summary>The user of the entry.</summary>
    public UserId? UserId { get; init; }

    /// <summary>Any of these statuses.</summary>
    public IReadOnlyCollection<LogStatus> Statuses { get; init; } = [];

    /// <summary>The earliest timestamp, inclusive.</summary>
    public LogTimestamp? From { get; init; }

    /// <summary>The latest timestamp, exclusive.</summary>
    public LogTimestamp? To { get; init; }

    /// <summary>
    /// A text in the query, without regard to case (<see cref="StringComparison.OrdinalIgnoreCase"/>): 1 to
    /// <see cref="LogFilter.MaxTextLength"/> characters.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>All of these attributes, each with exactly this value.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>Names the conditions' kind alone: what is looked for is not for the service's own log.</summary>
    public override string ToString() => nameof(LogCriteria);
}
