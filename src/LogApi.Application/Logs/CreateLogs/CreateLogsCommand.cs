using LogApi.Application.Common.Errors;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using MediatR;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>Writes many entries, in the order of the items. An item that breaks a rule rejects no other.</summary>
/// <param name="UserId">Who acted: the holder of the session.</param>
/// <param name="Items">What to write.</param>
public sealed record CreateLogsCommand(UserId UserId, ILogItems Items) : IRequest<Result<CreateLogsResponse>>
{
    /// <summary>Names the request alone: what was run is not for the service's own log.</summary>
    public override string ToString() => nameof(CreateLogsCommand);
}

/// <summary>What became of the items of a batch.</summary>
/// <param name="Results">One for each item, in their order.</param>
public sealed record CreateLogsResponse(IReadOnlyList<CreateLogResult> Results);

/// <summary>What became of one item; all empty for one that could not be read.</summary>
/// <param name="Id">The id of the stored entry.</param>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Error">Why it is not stored, or not known to be.</param>
public readonly record struct CreateLogResult(LogId? Id, long Sequence, EntryHash? Hash, Error? Error)
{
    /// <summary>Whether the entry is stored.</summary>
    public bool IsStored => Hash is not null;
}
