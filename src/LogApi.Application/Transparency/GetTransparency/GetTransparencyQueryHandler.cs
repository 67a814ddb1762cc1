using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using MediatR;

namespace LogApi.Application.Transparency.GetTransparency;

internal sealed class GetTransparencyQueryHandler(
    ITransparencyLog log, ICheckpointSigner signer, ILogRepository logs, LogTree tree, TransparencyPolicy policy)
    : IRequestHandler<GetTransparencyQuery, Result<TransparencyResponse>>
{
    public async Task<Result<TransparencyResponse>> Handle(GetTransparencyQuery request, CancellationToken cancellationToken)
    {
        var head = await tree.ReadHeadAsync(cancellationToken);
        var published = head.Problem is null ? head.Published : null;
        var refusal = log.Refusal ?? (head.Problem is { } problem ? $"Nothing can be proven, because {problem}." : null);
        return new TransparencyResponse
        {
            Origin = signer.Key.Name,
            Vkey = signer.Key.ToString(),
            TreeSize = published?.Checkpoint.Size ?? 0,
            Root = published?.Checkpoint.Root.ToString(),
            SignedAt = published?.SignedAt is { } time ? LogTimestamp.From(time).Text : null,
            CheckpointIntervalMs = (long)policy.CheckpointInterval.TotalMilliseconds,
            Retention = new RetentionResponse
            {
                Days = policy.RetentionDays == 0 ? null : policy.RetentionDays,
                MaxEntries = policy.RetentionMaxEntries == 0 ? null : policy.RetentionMaxEntries,
                FirstSeq = (await logs.GetHeadAsync(cancellationToken)).First,
            },
            Integrity = new IntegrityResponse { State = refusal is not null ? "refused" : log.Delay is not null ? "late" : "ok", Reason = refusal ?? log.Delay },
        };
    }
}
