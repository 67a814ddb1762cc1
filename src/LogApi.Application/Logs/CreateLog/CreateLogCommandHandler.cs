using AutoMapper;
using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Application.Logs.Replays;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using MediatR;

namespace LogApi.Application.Logs.CreateLog;

internal sealed class CreateLogCommandHandler(
    ILogRepository logs, IIdempotencyStore requests, EntryHasher hasher, IMapper mapper, TimeProvider time)
    : IRequestHandler<CreateLogCommand, Result<LogEntryResponse>>
{
    private const string Operation = "PUT /api/v1/logs";

    public async Task<Result<LogEntryResponse>> Handle(CreateLogCommand request, CancellationToken cancellationToken)
    {
        if (request.Key is { } key) return await AppendOnceAsync(request, key, cancellationToken);

        var entry = Make(request, seed: null, time.GetUtcNow());
        var appended = await AppendAsync(entry, mayExist: request.Id is not null, cancellationToken);
        return EntryOutcome.TryGetStored(entry, appended, out var stored, out var error) ? Serve(stored, appended.Sequence) : error;
    }

    private async Task<Result<LogEntryResponse>> AppendOnceAsync(
        CreateLogCommand request, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var digest = ContentDigest.Of(request);
        await using var claim = await requests.ClaimAsync(key.RequestOf(UserId.Create(request.UserId), Operation), digest, cancellationToken);
        if (claim.State == RequestState.UnderWay) return new RequestInProgressError(claim.RetryAfter);
        if (claim.State == RequestState.Damaged) return new RequestRecordDamagedError();
        if (!claim.BodyDigest.Span.SequenceEqual(digest)) return new IdempotencyKeyReusedError();

        if (claim.State == RequestState.Answered) return await RepeatAsync(Make(request, claim.Seed, claim.Seed.Time), claim.Outcome, cancellationToken);

        var entry = Make(request, claim.Seed, RequestSeed.TimeAt(claim.Seed.Time, time.GetUtcNow()));
        var mayExist = request.Id is not null || claim.State == RequestState.Retry;
        var appended = await AppendAsync(entry, mayExist, cancellationToken);
        var isStored = EntryOutcome.TryGetStored(entry, appended, out var stored, out var error);
        var row = isStored
            ? OutcomeRow.Of(stored!, appended, claim.Seed.Time, hasher)
            : new OutcomeRow(error is IdConflictError ? OutcomeKind.Conflict : OutcomeKind.Dropped);
        using var outcome = new OutcomeWriter();
        outcome.Add(row);
        await claim.FinishAsync(digest, outcome.ToArray());
        return isStored ? Serve(stored!, appended.Sequence) : error!;
    }

    private async Task<Result<LogEntryResponse>> RepeatAsync(LogEntry entry, ReadOnlyMemory<byte> outcome, CancellationToken cancellationToken)
    {
        using var reader = new OutcomeReader(outcome);
        var row = reader.Next() ?? throw new InvalidDataException("The outcome of a request that was answered is empty.");
        if (row.Kind is OutcomeKind.Stored or OutcomeKind.Earlier)
        {
            var (_, found) = await logs.FindAsync(entry.Id, cancellationToken);
            if (EntryOutcome.IsRedacted(found.Stored.Record, entry.Id)) return EntryOutcome.Redacted(entry.Id);
        }

        return row.Kind switch
        {
            OutcomeKind.Stored or OutcomeKind.Earlier => row.Remake(entry, hasher) is { } stored
                ? Serve(stored, row.Sequence) with { IsReplay = true }
                : new RequestRecordDamagedError(),
            OutcomeKind.Conflict => EntryOutcome.Conflict(entry.Id),
            _ => EntryOutcome.Dropped(entry.Id),
        };
    }

    private async Task<Appended> AppendAsync(LogEntry entry, bool mayExist, CancellationToken cancellationToken) =>
        (await logs.AppendAsync([new NewEntry(entry, mayExist)], WhenFull.Fail, cancellationToken))[0];

    private LogEntry Make(CreateLogCommand request, RequestSeed? seed, DateTimeOffset at) => LogEntry.Create(
        UserId.Create(request.UserId),
        QueryText.Create(request.Query),
        LogStatus.Create(request.Status),
        at,
        hasher,
        LogTimestamp.TryParseInstant(request.OccurredAt, out var occurredAt) ? occurredAt : null,
        LogAttributes.Create(request.Attributes),
        request.Id is null ? seed?.IdOf(0) : LogId.Create(request.Id));

    private LogEntryResponse Serve(LogEntry stored, long sequence) =>
        mapper.Map<LogEntryResponse>(stored) with { Attributes = Attributes(stored), Seq = sequence };

    // An ordered dictionary, to serve them as the record has them.
    private static OrderedDictionary<string, string>? Attributes(LogEntry entry)
    {
        if (entry.Attributes.Pairs.Count == 0) return null;
        return new OrderedDictionary<string, string>(entry.Attributes.Pairs, StringComparer.Ordinal);
    }
}
