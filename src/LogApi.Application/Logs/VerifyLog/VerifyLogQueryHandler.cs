using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Verification;
using MediatR;

namespace LogApi.Application.Logs.VerifyLog;

internal sealed class VerifyLogQueryHandler(ILogRepository logs, EntryHasher hasher, LogTree tree)
    : IRequestHandler<VerifyLogQuery, Result<VerifyLogResponse>>
{
    public async Task<Result<VerifyLogResponse>> Handle(VerifyLogQuery request, CancellationToken cancellationToken)
    {
        var id = LogId.Create(request.LogId);
        var (state, found) = await logs.FindAsync(id, cancellationToken);
        if (state == IdState.NeverStored) return new NotFoundError($"No entry is stored under the id {id}.");
        if (state == IdState.Dropped) return new EntryDroppedError($"The entry {id} was stored, and dropped since by retention.");

        var verdict = EntryVerification.Of(id, found.Stored.Record.Span, found.Side, hasher);
        var inclusion = await tree.ProveAsync(found.Stored.Sequence, verdict.Leaf?.Id == id ? verdict.Leaf : null, cancellationToken);
        return new VerifyLogResponse { LogId = id.ToString(), Verification = Verdicts.Join(verdict, inclusion, found.Stored.Sequence) };
    }
}
