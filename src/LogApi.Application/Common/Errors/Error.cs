using LogApi.Domain.Entries;

namespace LogApi.Application.Common.Errors;

/// <summary>An expected failure of a use case. The outside maps each kind to its own answer.</summary>
public abstract record Error
{
    private protected Error()
    {
    }
}

/// <summary>The request broke one or more rules.</summary>
/// <param name="Failures">Each offending field by its wire name, and what is wrong with it.</param>
public sealed record InvalidRequestError(IReadOnlyDictionary<string, string[]> Failures) : Error;

/// <summary>There is nothing under the id that was asked for.</summary>
/// <param name="Detail">What was looked for, in a sentence for the caller.</param>
public sealed record NotFoundError(string Detail) : Error;

/// <summary>What was stored under the id that was asked for has been dropped, as the operator's retention asks.</summary>
/// <param name="Detail">What was looked for, in a sentence for the caller.</param>
public sealed record EntryDroppedError(string Detail) : Error;

/// <summary>The id that the client gave to its entry is another entry's.</summary>
/// <param name="Detail">Which one, in a sentence for the caller.</param>
public sealed record IdConflictError(string Detail) : Error;

/// <summary>The store did not take one entry of many; for a whole request it is <see cref="StoreUnavailableException"/>.</summary>
/// <param name="Reason">What happened, and with it whether the entry was stored.</param>
/// <param name="EntryId">The entry that was to be stored.</param>
public sealed record StoreUnavailableError(StoreFailure Reason, LogId EntryId) : Error;

/// <summary>What was stored under the id that was asked for was changed in the store so that it can't be served.</summary>
/// <param name="Detail">What was looked for, in a sentence for the caller.</param>
public sealed record EntryDamagedError(string Detail) : Error;

/// <summary>The entry must stay as it is: it is one by which the service tells what it has done.</summary>
/// <param name="Detail">Which one, in a sentence for the caller.</param>
public sealed record NotRedactableError(string Detail) : Error;

/// <summary>The same request is being carried out at this moment.</summary>
/// <param name="RetryAfter">When that is over at the latest, should the process that does it have died.</param>
public sealed record RequestInProgressError(TimeSpan RetryAfter) : Error;

/// <summary>
/// What is remembered of the request was changed in the store, or is sealed with none of the secrets: whether it was carried out
/// can't be told.
/// </summary>
public sealed record RequestRecordDamagedError : Error;

/// <summary>The client has used its idempotency key for another request before.</summary>
public sealed record IdempotencyKeyReusedError : Error;

/// <summary>What was asked for is in the log, but no checkpoint covers it yet. That takes a second or two.</summary>
/// <param name="Detail">What was looked for, in a sentence for the caller.</param>
public sealed record ProofPendingError(string Detail) : Error;

/// <summary>What the store holds of the published tree was changed or removed.</summary>
/// <param name="Detail">What is wrong, in a sentence for the caller.</param>
public sealed record TreeDamagedError(string Detail) : Error;

/// <summary>An audit is under way already.</summary>
/// <param name="AuditId">Which one.</param>
public sealed record AuditRunningError(Guid AuditId) : Error;

/// <summary>No checkpoint was signed yet, so there is nothing that entries could be held against.</summary>
public sealed record NothingToAuditError : Error;

/// <summary>Nothing is signed now, and without that this can't be told.</summary>
/// <param name="Detail">Why, in a sentence for the caller.</param>
public sealed record SigningRefusedError(string Detail) : Error;
