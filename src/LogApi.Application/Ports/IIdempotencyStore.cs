using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;

namespace LogApi.Application.Ports;

/// <summary>Remembers requests that clients may send again, for all processes of the service.</summary>
public interface IIdempotencyStore
{
    /// <summary>
    /// Claims a request for this process. Only one attempt at a request has it at a time; when its process dies, the claim ends
    /// within seconds.
    /// </summary>
    /// <param name="request">Names the request, as <see cref="IdempotencyKey.RequestOf"/> does.</param>
    /// <param name="bodyDigest">The SHA-256 of what it asks for, to be kept from the start; empty when it is not known yet.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer; nothing of the request was done.</exception>
    Task<IRequestClaim> ClaimAsync(string request, ReadOnlyMemory<byte> bodyDigest, CancellationToken cancellationToken);
}

/// <summary>One attempt at a request. Dispose of it to let the next attempt in.</summary>
public interface IRequestClaim : IAsyncDisposable
{
    /// <summary>How far the request is.</summary>
    RequestState State { get; }

    /// <summary>What the entries of the request are made from; not for <see cref="RequestState.UnderWay"/> and <see cref="RequestState.Damaged"/>.</summary>
    RequestSeed Seed { get; }

    /// <summary>The SHA-256 of what was asked for first; empty while nobody has said.</summary>
    ReadOnlyMemory<byte> BodyDigest { get; }

    /// <summary>What <see cref="FinishAsync"/> was given, for <see cref="RequestState.Answered"/>.</summary>
    ReadOnlyMemory<byte> Outcome { get; }

    /// <summary>When the attempt under way may be over at the latest, should its process have died.</summary>
    TimeSpan RetryAfter { get; }

    /// <summary>Whether no other attempt can have begun since. Look before each step that another attempt must not take too.</summary>
    bool IsHeld { get; }

    /// <summary>
    /// Remembers the outcome, which is final. A store that does not take it is no failure of the request: whoever sends it again
    /// has it carried out again, to the same effect.
    /// </summary>
    /// <param name="bodyDigest">The SHA-256 of what was asked for.</param>
    /// <param name="outcome">What a repeated answer needs beside the request itself.</param>
    Task FinishAsync(ReadOnlyMemory<byte> bodyDigest, ReadOnlyMemory<byte> outcome);
}

/// <summary>How far a request is that may have been sent before.</summary>
public enum RequestState
{
    /// <summary>It is new, and this attempt has it.</summary>
    First,

    /// <summary>An attempt before ended without a final outcome; this one has it now.</summary>
    Retry,

    /// <summary>Another attempt has it.</summary>
    UnderWay,

    /// <summary>It has its outcome.</summary>
    Answered,

    /// <summary>What is remembered of it was changed in the store, so it can't be told how far it is.</summary>
    Damaged,
}
