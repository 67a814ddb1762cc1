using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using MediatR;

namespace LogApi.Application.Logs.GetLog;

internal sealed class GetLogQueryHandler(ILogRepository logs) : IRequestHandler<GetLogQuery, Result<StoredRecord>>
{
    public async Task<Result<StoredRecord>> Handle(GetLogQuery request, CancellationToken cancellationToken)
    {
        var id = LogId.Create(request.LogId);
        var (state, found) = await logs.FindAsync(id, cancellationToken);
        return state switch
        {
            IdState.NeverStored => new NotFoundError($"No entry is stored under the id {id}."),
            IdState.Dropped => new EntryDroppedError($"The entry {id} was stored, and dropped since by retention."),
            _ when IsEntryOf(id, found.Stored.Record.Span) => found.Stored,
            _ => new EntryDamagedError(
                $"The entry {id} was stored, but its record was changed or removed in the store. GET /api/v1/verify/{id} says more."),
        };
    }

    // Another entry's record, put in this one's place, must not pass for it.
    private static bool IsEntryOf(LogId id, ReadOnlySpan<byte> record)
    {
        if (RedactedRecord.TryDecode(record, out var redacted)) return redacted.Leaf.Id == id;
        return RecordFields.IsServable(record)
            && RecordFields.TryLocate(record, out var fields)
            && RecordFields.Decode(fields.Id) == id.ToString();
    }
}
