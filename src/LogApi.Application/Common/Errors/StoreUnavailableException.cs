using LogApi.Domain.Entries;

namespace LogApi.Application.Common.Errors;

/// <summary>
/// The store did not answer in time, is not reachable, or has more waiting than it may. Thrown by every port that the store is
/// behind; the outside answers 503 and says when to try again.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What happened, and with it whether anything was stored.</param>
    /// <param name="entryId">The entry that was to be stored, when the call was an append.</param>
    /// <param name="innerException">The cause, for the service's own log only.</param>
    public StoreUnavailableException(StoreFailure reason, LogId? entryId = null, Exception? innerException = null)
        : base($"The store is unavailable: {reason}.", innerException)
    {
        Reason = reason;
        EntryId = entryId;
    }

    /// <summary>What happened.</summary>
    public StoreFailure Reason { get; }

    /// <summary>The entry that was to be stored, when the call was an append.</summary>
    public LogId? EntryId { get; }

    /// <summary>What was found, in a sentence for the caller; null when the reason says all there is.</summary>
    public string? Detail { get; init; }
}

/// <summary>Why a call to the store gave no answer.</summary>
public enum StoreFailure
{
    /// <summary>The store was not reached: nothing was stored or changed.</summary>
    Unreachable,

    /// <summary>The queue in front of the store is full: nothing was stored.</summary>
    Overloaded,

    /// <summary>Nothing may be signed, so nothing is added to the log: nothing was stored.</summary>
    IntegrityLost,

    /// <summary>The call may have reached the store, but its answer was lost: an entry may or may not be stored, once.</summary>
    OutcomeUnknown,
}
