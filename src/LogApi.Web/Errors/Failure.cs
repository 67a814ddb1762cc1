using LogApi.Application.Common.Errors;
using LogApi.Domain.Entries;

namespace LogApi.Web.Errors;

/// <summary>One failure of one request, before it is written as a <see cref="Problem"/>.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Detail">What went wrong this time, in a sentence for the client.</param>
internal sealed record Failure(ProblemKind Kind, string Detail)
{
    // A store that is away is back within seconds or not for long; clients that wait less only add to its load.
    private const int RetryAfterSeconds = 1;

    /// <summary>Each offending field and what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The id under which an entry may have been stored.</summary>
    public string? LogId { get; init; }

    /// <summary>The audit that is under way.</summary>
    public string? AuditId { get; init; }

    /// <summary>What is accepted in place of the media type or encoding that was refused, for the header that says so.</summary>
    public string? Accepts { get; init; }

    /// <summary>The first item of a batch that was not read.</summary>
    public int? UnreadFrom { get; init; }

    /// <summary>What became of the items of a batch that failed as a whole.</summary>
    public Bulk.BatchResponse? Batch { get; init; }

    /// <summary>What the store is, for the readiness check.</summary>
    public Application.Ports.StoreStatus? Store { get; init; }

    /// <summary>When to try again, in seconds; 0 when trying again is of no use.</summary>
    public int RetryAfter { get; init; } = Kind.Status == StatusCodes.Status503ServiceUnavailable ? RetryAfterSeconds : 0;

    /// <summary>Takes the expected failure of a use case.</summary>
    public static Failure From(Error error) => error switch
    {
        InvalidRequestError invalid => OfFields(invalid.Failures),
        NotFoundError missing => new Failure(ProblemKinds.NotFound, missing.Detail),
        EntryDroppedError dropped => new Failure(ProblemKinds.EntryDropped, dropped.Detail),
        IdConflictError conflict => new Failure(ProblemKinds.IdConflict, conflict.Detail),
        RequestInProgressError busy => new Failure(ProblemKinds.RequestInProgress, ProblemKinds.RequestInProgress.Meaning)
        {
            // Most attempts are over long before that of a dead process would be given up.
            RetryAfter = Math.Clamp((int)Math.Ceiling(busy.RetryAfter.TotalSeconds), RetryAfterSeconds, 2 * RetryAfterSeconds),
        },
        IdempotencyKeyReusedError => new Failure(ProblemKinds.IdempotencyKeyReused, ProblemKinds.IdempotencyKeyReused.Meaning),
        RequestRecordDamagedError => new Failure(ProblemKinds.RequestRecordDamaged, ProblemKinds.RequestRecordDamaged.Meaning),
        StoreUnavailableError away => From(away),
        NotRedactableError kept => new Failure(ProblemKinds.NotRedactable, kept.Detail),
        AuditRunningError running => new Failure(ProblemKinds.AuditRunning, $"The audit {running.AuditId} is under way: GET /api/v1/audits/{running.AuditId} says how far it is.")
        {
            AuditId = running.AuditId.ToString(),
        },
        NothingToAuditError => new Failure(ProblemKinds.NothingToAudit, ProblemKinds.NothingToAudit.Meaning) { RetryAfter = RetryAfterSeconds },
        EntryDamagedError damaged => new Failure(ProblemKinds.EntryDamaged, damaged.Detail),
        TreeDamagedError damaged => new Failure(ProblemKinds.TreeDamaged, damaged.Detail),
        SigningRefusedError refused => new Failure(ProblemKinds.Integrity, refused.Detail),
        ProofPendingError pending => new Failure(ProblemKinds.ProofPending, pending.Detail) { RetryAfter = RetryAfterSeconds },
        _ => throw new ArgumentException($"No answer is known for {error.GetType().Name}.", nameof(error)),
    };

    /// <summary>Takes the failure of the store.</summary>
    public static Failure From(StoreUnavailableException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var failure = From(fault.Reason, fault.EntryId);
        return fault.Detail is { } found ? failure with { Detail = $"Nothing was stored or changed, because nothing may be signed: {found}" } : failure;
    }

    /// <summary>Takes the failure of the store to take one entry of many.</summary>
    public static Failure From(StoreUnavailableError away)
    {
        ArgumentNullException.ThrowIfNull(away);
        return From(away.Reason, away.EntryId);
    }

    private static Failure From(StoreFailure reason, LogId? entryId)
    {
        var kind = reason switch
        {
            StoreFailure.Overloaded => ProblemKinds.Overloaded,
            StoreFailure.IntegrityLost => ProblemKinds.Integrity,
            StoreFailure.OutcomeUnknown => ProblemKinds.OutcomeUnknown,
            _ => ProblemKinds.StoreUnavailable,
        };
        if (kind != ProblemKinds.OutcomeUnknown || entryId is not { } id) return new Failure(kind, kind.Meaning);
        return new Failure(
            kind,
            $"The entry may have been stored, at most once, as {id}. GET /api/v1/verify/{id} tells once the store answers again: 404 means not stored so far.")
        {
            LogId = id.ToString(),
        };
    }

    /// <summary>Makes the failure of fields that break a rule.</summary>
    public static Failure OfFields(IReadOnlyDictionary<string, string[]> errors)
    {
        var (field, messages) = errors.First();
        var detail = errors.Count == 1 && messages.Length == 1
            ? $"{field} {messages[0]}."
            : $"{errors.Count} fields are not valid; see errors.";
        return new Failure(ProblemKinds.InvalidRequest, detail) { Errors = errors };
    }
}
