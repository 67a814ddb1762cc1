using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Domain.Verification;
using MediatR;

namespace LogApi.Application.Transparency.GetProof;

internal sealed class GetProofQueryHandler(ILogRepository logs, EntryHasher hasher, LogTree tree)
    : IRequestHandler<GetProofQuery, Result<EntryProof>>
{
    public async Task<Result<EntryProof>> Handle(GetProofQuery request, CancellationToken cancellationToken)
    {
        var id = LogId.Create(request.LogId);
        var (state, found) = await logs.FindAsync(id, cancellationToken);
        if (state == IdState.NeverStored) return new NotFoundError($"No entry is stored under the id {id}.");
        if (state == IdState.Dropped) return new EntryDroppedError($"The entry {id} was stored, and dropped since by retention.");

        var (sequence, record) = found.Stored;
        var verdict = EntryVerification.Of(id, record.Span, found.Side, hasher);
        var inclusion = await tree.ProveAsync(sequence, verdict.Leaf, cancellationToken);
        if (inclusion.State == InclusionState.Pending)
            return new ProofPendingError($"The entry {id} is stored as number {sequence}; the newest checkpoint covers {inclusion.Head.Size} entries.");
        if (inclusion is { Head.Published: null, Problem: { } unknown }) return new SigningRefusedError($"There is no proof to give, because {unknown}.");
        if (inclusion.IsTreeDamaged) return new TreeDamagedError($"There is no proof to give, because {inclusion.Problem}.");
        if (inclusion.State == InclusionState.Failed || verdict.Leaf is not { } leaf || leaf.Id != id)
        {
            return new EntryDamagedError(
                $"The entry {id} was stored, but its record was changed or removed in the store. GET /api/v1/verify/{id} says more.");
        }

        var file = new InclusionProofFile(sequence, inclusion.Proof, inclusion.Head.Published!.Note);
        return new EntryProof(found.Stored, leaf, verdict.Redacted ? default : SaltOf(found.Side), inclusion.Head.Size, file);
    }

    private static ReadOnlyMemory<byte> SaltOf(ReadOnlyMemory<byte> side) => EntrySide.TryDecode(side, out var decoded) ? decoded.Salt : default;
}
