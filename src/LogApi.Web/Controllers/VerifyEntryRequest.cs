using System.ComponentModel.DataAnnotations;
using LogApi.Application.Logs.VerifyEntry;
using LogApi.Domain.Entries;

namespace LogApi.Web.Controllers;

/// <summary>
/// An entry as its holder has it: from an answer of this service, a line of an export, or the redacted form, which has `id`,
/// `timestamp`, `redacted` and `commitment` only. Other members are ignored.
/// </summary>
public sealed record VerifyEntryRequest
{
    /// <summary>The entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    public string? Id { get; init; }

    /// <summary>Who acted.</summary>
    /// <example>your_user_id</example>
    public string? UserId { get; init; }

    /// <summary>What was run.</summary>
    /// <example>SELECT * FROM users WHERE id = 123</example>
    public string? Query { get; init; }

    /// <summary>With which outcome.</summary>
    /// <example>SUCCESS</example>
    public string? Status { get; init; }

    /// <summary>When the service accepted it, exactly as it was served.</summary>
    /// <example>2026-03-01T12:00:00.123456Z</example>
    [Required]
    public string? Timestamp { get; init; }

    /// <summary>The entry's hash.</summary>
    /// <example>b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8</example>
    public string? Hash { get; init; }

    /// <summary>When it happened, exactly as it was served.</summary>
    /// <example>2026-03-01T11:59:59.500000Z</example>
    public string? OccurredAt { get; init; }

    /// <summary>What else the client said.</summary>
    /// <example>{"client":"backup-7","ticket":"OPS-4711"}</example>
    public IReadOnlyDictionary<string, string?>? Attributes { get; init; }

    /// <summary>The entry's place in the log.</summary>
    /// <example>41</example>
    public long? Seq { get; init; }

    /// <summary>The entry's place in the tree, of an export with proofs.</summary>
    /// <example>41</example>
    public long? LogIndex { get; init; }

    /// <summary>The salt of the entry's leaf, of an export with proofs: with it the entry is compared with the tree itself.</summary>
    /// <example>AQIDBAUGBwgJCgsMDQ4PEA==</example>
    public string? Salt { get; init; }

    /// <summary>Whether it is the form of a redacted entry.</summary>
    /// <example>false</example>
    public bool? Redacted { get; init; }

    /// <summary>The commitment of a redacted entry.</summary>
    public string? Commitment { get; init; }

    internal VerifyEntryQuery ToQuery() => new(new EntryText
    {
        Id = Id,
        UserId = UserId,
        Query = Query,
        Status = Status,
        Timestamp = Timestamp,
        Hash = Hash,
        OccurredAt = OccurredAt,
        Attributes = Attributes,
    })
    {
        Sequence = Seq,
        LogIndex = LogIndex,
        Salt = Salt,
        Redacted = Redacted ?? false,
        Commitment = Commitment,
    };
}
