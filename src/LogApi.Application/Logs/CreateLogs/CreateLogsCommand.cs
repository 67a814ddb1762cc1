using System.Runtime.InteropServices;
using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using MediatR;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>Writes many entries, in the order of the items. An item that breaks a rule rejects no other.</summary>
/// <param name="UserId">Who acted: the holder of the session.</param>
/// <param name="Items">What to write.</param>
/// <param name="Key">What the client calls this request, if it may send it again.</param>
public sealed record CreateLogsCommand(UserId UserId, ILogItems Items, IdempotencyKey? Key = null) : IRequest<Result<CreateLogsResponse>>
{
    /// <summary>Names the request alone: what was run is not for the service's own log.</summary>
    public override string ToString() => nameof(CreateLogsCommand);
}

/// <summary>What became of the items of a batch.</summary>
/// <param name="Results">One for each item, in their order.</param>
/// <param name="IsReplay">Whether they became that when the request was sent before.</param>
public sealed record CreateLogsResponse(IReadOnlyList<CreateLogResult> Results, bool IsReplay = false);

/// <summary>What became of one item; all empty for one that could not be read.</summary>
/// <param name="Id">The id of the stored entry.</param>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Error">Why it is not stored, or not known to be.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CreateLogResult(LogId? Id, long Sequence, EntryHash? Hash, Error? Error)
{
    /// <summary>Whether the entry is stored.</summary>
    public bool IsStored => Hash is not null;

    /// <summary>Gives the result of an entry that is stored.</summary>
    public static CreateLogResult Stored(LogEntry entry, long sequence)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new CreateLogResult(entry.Id, sequence, entry.Hash, Error: null);
    }

    /// <summary>Gives the result of an item that is not stored.</summary>
    public static CreateLogResult Rejected(Error? error) => new(Id: null, Sequence: -1, Hash: null, error);
}
