using LogApi.Application.Common.Idempotency;
using LogApi.Application.Ports;

namespace LogApi.Application.Tests.Common.Idempotency;

/// <summary>Remembers requests in memory, and forgets outcomes when told to, as a process that dies too early does.</summary>
internal sealed class FakeIdempotencyStore(TimeProvider time) : IIdempotencyStore
{
    private readonly Dictionary<string, Request> _requests = new(StringComparer.Ordinal);

    /// <summary>Whether the attempts die before they can remember their outcome.</summary>
    public bool LosesOutcomes { get; set; }

    /// <summary>Whether what is remembered was changed in the store.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Whether claims are lost as soon as they are made.</summary>
    public bool LosesClaims { get; set; }

    public Task<IRequestClaim> ClaimAsync(string request, ReadOnlyMemory<byte> bodyDigest, CancellationToken cancellationToken)
    {
        var state = RequestState.Retry;
        if (!_requests.TryGetValue(request, out var known))
        {
            state = RequestState.First;
            _requests[request] = known = new Request { Seed = RequestSeed.At(time.GetUtcNow()), Digest = bodyDigest };
        }

        if (IsDamaged) state = RequestState.Damaged;
        else if (known.Outcome is not null) state = RequestState.Answered;
        else if (known.IsClaimed) state = RequestState.UnderWay;
        else known.IsClaimed = true;
        return Task.FromResult<IRequestClaim>(new Claim(this, known, state));
    }

    private sealed class Request
    {
        public required RequestSeed Seed { get; init; }

        public ReadOnlyMemory<byte> Digest { get; set; }

        public ReadOnlyMemory<byte>? Outcome { get; set; }

        public bool IsClaimed { get; set; }
    }

    private sealed class Claim(FakeIdempotencyStore store, Request request, RequestState state) : IRequestClaim
    {
        public RequestState State => state;

        public RequestSeed Seed => request.Seed;

        public ReadOnlyMemory<byte> BodyDigest { get; } = request.Digest;

        public ReadOnlyMemory<byte> Outcome { get; } = request.Outcome ?? default;

        public TimeSpan RetryAfter => TimeSpan.FromSeconds(5);

        public bool IsHeld => !store.LosesClaims;

        public Task FinishAsync(ReadOnlyMemory<byte> bodyDigest, ReadOnlyMemory<byte> outcome)
        {
            if (!store.LosesOutcomes) (request.Digest, request.Outcome) = (bodyDigest, outcome);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            if (state is RequestState.First or RequestState.Retry) request.IsClaimed = false;
            return ValueTask.CompletedTask;
        }
    }
}
