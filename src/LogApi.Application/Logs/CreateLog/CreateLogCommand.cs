using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using MediatR;

namespace LogApi.Application.Logs.CreateLog;

/// <summary>Writes an entry.</summary>
/// <param name="UserId">Who acted: the holder of the session.</param>
/// <param name="Query">What was run.</param>
/// <param name="Status">With which outcome.</param>
public sealed record CreateLogCommand(string? UserId, string? Query, string? Status) : IRequest<Result<LogEntryResponse>>
{
    /// <summary>The client's id for the entry; none when the service is to make one.</summary>
    public string? Id { get; init; }

    /// <summary>When the client says it happened.</summary>
    public string? OccurredAt { get; init; }

    /// <summary>What the client says besides.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string?>>? Attributes { get; init; }

    /// <summary>What the client calls this request, if it may send it again.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Names the request alone: what was run is not for the service's own log.</summary>
    public override string ToString() => nameof(CreateLogCommand);
}
