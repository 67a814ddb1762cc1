using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Verification;
using MediatR;

namespace LogApi.Application.Logs.RedactLog;

internal sealed class RedactLogCommandHandler(ILogRepository logs, ILogRedaction redactions, EntryHasher hasher)
    : IRequestHandler<RedactLogCommand, Result<RedactedLogResponse>>
{
    public async Task<Result<RedactedLogResponse>> Handle(RedactLogCommand request, CancellationToken cancellationToken)
    {
        var id = LogId.Create(request.LogId);
        while (true)
        {
            // In this order: what is redacted after this is noticed, and the entry read again.
            var head = await redactions.SettleAsync(cancellationToken);
            var (state, found) = await logs.FindAsync(id, cancellationToken);
            if (state == IdState.NeverStored) return new NotFoundError($"No entry is stored under the id {id}.");
            if (state == IdState.Dropped) return Dropped(id);

            var verdict = EntryVerification.Of(id, found.Stored.Record.Span, found.Side, hasher);
            if (!verdict.Valid) return Damaged(id, verdict.Error);
            var record = new RedactedRecord(verdict.Leaf!);
            if (verdict.Redacted) return Serve(record, found.Stored.Sequence);

            EntryRecord.TryDecode(found.Stored.Record.Span, out var entry, out _);

            // By its user, which nobody can log in as: anybody can write an entry of any status.
            if (ServiceUsers.IsOne(entry!.UserId))
                return new NotRedactableError($"The entry {id} tells what was done to the log ({entry.Status}), and must stay as it is.");

            var redaction = new Redaction
            {
                Entry = entry,
                Sequence = found.Stored.Sequence,
                Length = found.Stored.Record.Length,
                Record = record,
                By = UserId.Create(request.UserId),
                Reason = request.Reason!,
            };
            switch (await redactions.RedactAsync(redaction, head, cancellationToken))
            {
                case RedactionOutcome.Done:
                    return Serve(record, redaction.Sequence);
                case RedactionOutcome.Dropped:
                    return Dropped(id);
            }
        }
    }

    private static RedactedLogResponse Serve(RedactedRecord record, long sequence) => new()
    {
        Id = record.Leaf.Id.ToString(),
        Timestamp = record.Leaf.Timestamp.Text,
        Redacted = true,
        Commitment = record.Leaf.Commitment.ToString(),
        Seq = sequence,
    };

    private static EntryDroppedError Dropped(LogId id) => new($"The entry {id} was stored, and dropped since by retention.");

    // The commitment would be one to what is there now, and the proof of what was logged would be lost.
    private static EntryDamagedError Damaged(LogId id, string? problem) => new(
        $"The entry {id} can't be redacted, because it was changed in the store: {problem}. What is left of a redacted entry can only "
        + $"be made from what was written. GET /api/v1/verify/{id} says more.");
}
