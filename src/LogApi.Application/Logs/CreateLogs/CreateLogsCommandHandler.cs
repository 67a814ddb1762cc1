using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Application.Logs.Replays;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using MediatR;

namespace LogApi.Application.Logs.CreateLogs;

internal sealed class CreateLogsCommandHandler(ILogRepository logs, IIdempotencyStore requests, EntryHasher hasher, TimeProvider time)
    : IRequestHandler<CreateLogsCommand, Result<CreateLogsResponse>>
{
    private const string Operation = "POST /api/v1/logs/batch";

    public async Task<Result<CreateLogsResponse>> Handle(CreateLogsCommand request, CancellationToken cancellationToken)
    {
        if (request.Key is { } key) return await AppendOnceAsync(request, key, cancellationToken);

        using var run = new BatchRun(logs, new EntryMaker(request.UserId, hasher, time), claim: null);
        await run.AppendAsync(request.Items, cancellationToken);
        return new CreateLogsResponse(run.Results);
    }

    private async Task<Result<CreateLogsResponse>> AppendOnceAsync(
        CreateLogsCommand request, IdempotencyKey key, CancellationToken cancellationToken)
    {
        // The body's digest is known only at its end; until then, what an earlier attempt stored tells another body.
        await using var claim = await requests.ClaimAsync(key.RequestOf(request.UserId, Operation), bodyDigest: default, cancellationToken);
        if (claim.State == RequestState.UnderWay) return new RequestInProgressError(claim.RetryAfter);

        if (claim.State == RequestState.Damaged) return new RequestRecordDamagedError();

        var isAnswered = claim.State == RequestState.Answered;
        var entries = new EntryMaker(request.UserId, hasher, time, claim.Seed, isReplay: isAnswered);
        if (isAnswered)
        {
            using var outcome = new OutcomeReader(claim.Outcome);
            var replay = new BatchReplay(logs, entries, outcome);
            var results = await replay.ReadAsync(request.Items, claim.BodyDigest, cancellationToken);
            if (replay.MetUnknownSecret) return new RequestRecordDamagedError();
            return results is null ? new IdempotencyKeyReusedError() : new CreateLogsResponse(results, IsReplay: true);
        }

        using var run = new BatchRun(logs, entries, claim);
        await run.AppendAsync(request.Items, cancellationToken);
        if (run.FoundOtherEntries) return new IdempotencyKeyReusedError();
        if (run.IsFinal && !request.Items.BodyDigest.IsEmpty) await claim.FinishAsync(request.Items.BodyDigest, run.Outcome());
        return new CreateLogsResponse(run.Results);
    }
}
