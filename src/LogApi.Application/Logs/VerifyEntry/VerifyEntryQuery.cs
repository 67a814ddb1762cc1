using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.VerifyLog;
using LogApi.Domain.Entries;
using MediatR;

namespace LogApi.Application.Logs.VerifyEntry;

/// <summary>Asks whether an entry, as somebody has it, is the one that was logged.</summary>
/// <param name="Entry">The entry.</param>
public sealed record VerifyEntryQuery(EntryText Entry) : IRequest<Result<VerifyEntryResponse>>
{
    /// <summary>The place in the log that the entry came with.</summary>
    public long? Sequence { get; init; }

    /// <summary>The place in the tree that the entry came with; it is the same.</summary>
    public long? LogIndex { get; init; }

    /// <summary>The salt of its commitment that the entry came with, in base64.</summary>
    public string? Salt { get; init; }

    /// <summary>Whether the entry came as a redacted one, of which no content is left.</summary>
    public bool Redacted { get; init; }

    /// <summary>The commitment that a redacted entry came with, in base64.</summary>
    public string? Commitment { get; init; }

    /// <summary>Names the request and the entry's id: what was run is not for the service's own log.</summary>
    public override string ToString() => $"{nameof(VerifyEntryQuery)} {Entry.Id}";
}

/// <summary>The answer: whether the entry is the one that was logged, and where it differs from the one that is stored.</summary>
public sealed record VerifyEntryResponse
{
    /// <summary>The entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string LogId { get; init; }

    /// <summary>
    /// Whether the entry that was sent is, in all that was sent of it, the one that was logged under its id; null when nothing is
    /// left that could tell.
    /// </summary>
    /// <example>true</example>
    public required bool? Matches { get; init; }

    /// <summary>
    /// What told: `tree`, the signed tree, with the salt that is stored or was sent; `commitment`, what is left of a redacted
    /// entry; `store`, what is stored; null when nothing could tell.
    /// </summary>
    /// <example>tree</example>
    public required string? MatchedBy { get; init; }

    /// <summary>The same in a sentence.</summary>
    /// <example>The entry is the one that was logged: it is in the tree that the checkpoint of size 70000 signs.</example>
    public required string Explanation { get; init; }

    /// <summary>Where the entry that was sent and the one that is stored differ; none when both are the same.</summary>
    public required IReadOnlyList<EntryDifference> Differences { get; init; }

    /// <summary>What can be said of the entry that was sent, by itself.</summary>
    public required GivenEntryResponse Given { get; init; }

    /// <summary>The verdict on the entry that is stored, as GET /api/v1/verify/{log_id} gives it.</summary>
    public required VerificationResponse Verification { get; init; }
}

/// <summary>A member that the entry that was sent and the one that is stored do not have in common.</summary>
public sealed record EntryDifference
{
    /// <summary>The member; `attributes.` and a key for one attribute.</summary>
    /// <example>status</example>
    public required string Field { get; init; }

    /// <summary>What was sent; null when it was not.</summary>
    /// <example>SUCCESS</example>
    public required string? Given { get; init; }

    /// <summary>What is stored; null when it is not there, can't be read, or was erased.</summary>
    /// <example>FAILURE</example>
    public required string? Stored { get; init; }
}

/// <summary>What can be said of an entry that was sent, by itself.</summary>
public sealed record GivenEntryResponse
{
    /// <summary>Whether its `hash` is this service's for its other members; null for a redacted entry, which has none.</summary>
    /// <example>true</example>
    public required bool? HashValid { get; init; }

    /// <summary>
    /// Whether the tree has it: `included`, `pending`, `failed`; null when that can't be looked up, because the salt or the place
    /// is not known.
    /// </summary>
    /// <example>included</example>
    public required string? Inclusion { get; init; }
}
