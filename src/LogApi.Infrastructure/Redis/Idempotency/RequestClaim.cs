using LogApi.Application.Common.Idempotency;
using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Idempotency;

/// <summary>One attempt at a request, prolonged from time to time until it is disposed of.</summary>
internal sealed class RequestClaim : IRequestClaim
{
    /// <summary>How long a claim outlives its process.</summary>
    public const long LeaseMilliseconds = 10_000;

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);

    // The store's clock and this one may run apart a little, and what is begun in time must still arrive in time.
    private static readonly TimeSpan HeldFor = TimeSpan.FromMilliseconds(LeaseMilliseconds) - TimeSpan.FromSeconds(3);

    private readonly RedisIdempotencyStore? _store;
    private readonly TimeProvider _time;
    private readonly string _request;
    private readonly string _attempt;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _renewing;
    private long _heldSince;
    private bool _isOver;

    public RequestClaim(
        RedisIdempotencyStore? store, string request, string attempt, RequestState state, RequestRecord record, long begun, TimeProvider time)
    {
        (_store, _request, _attempt, _heldSince, _time) = (store, request, attempt, begun, time);
        State = state;
        Seed = record.Seed;
        BodyDigest = record.BodyDigest;
        Outcome = record.Outcome;
        _isOver = state is not (RequestState.First or RequestState.Retry);
        _renewing = _isOver ? Task.CompletedTask : RenewAsync(_over.Token);
    }

    private RequestClaim(RequestState state)
        : this(store: null, "", "", state, new RequestRecord(new RequestSeed(default, default), default, default), 0, TimeProvider.System)
    {
    }

    public RequestState State { get; }

    public RequestSeed Seed { get; }

    public ReadOnlyMemory<byte> BodyDigest { get; }

    public ReadOnlyMemory<byte> Outcome { get; }

    public TimeSpan RetryAfter { get; private init; }

    public bool IsHeld => !_isOver && _time.GetElapsedTime(Volatile.Read(ref _heldSince)) < HeldFor;

    /// <summary>Makes what says that another attempt has the request.</summary>
    public static RequestClaim UnderWay(TimeSpan retryAfter) => new(RequestState.UnderWay) { RetryAfter = retryAfter };

    /// <summary>Makes what says that the request's record can't be believed.</summary>
    public static RequestClaim Damaged() => new(RequestState.Damaged);

    public Task FinishAsync(ReadOnlyMemory<byte> bodyDigest, ReadOnlyMemory<byte> outcome) =>
        EndAsync(RequestRecord.Encode(Seed, bodyDigest.Span, outcome));

    public async ValueTask DisposeAsync()
    {
        await EndAsync(record: default);
        _over.Dispose();
    }

    private async Task EndAsync(ReadOnlyMemory<byte> record)
    {
        if (_isOver) return;
        _isOver = true;
        await _over.CancelAsync();
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _store!.EndAsync(_request, _attempt, leaseMilliseconds: 0, record);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var begun = _time.GetTimestamp();
            if (await _store!.EndAsync(_request, _attempt, LeaseMilliseconds, record: default)) Volatile.Write(ref _heldSince, begun);
        }
    }
}
