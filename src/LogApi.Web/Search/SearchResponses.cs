using System.Text.Json.Serialization;

namespace LogApi.Web.Search;

/// <summary>A page of entries.</summary>
public sealed record LogSearchResponse
{
    /// <summary>The entries, in the order asked for.</summary>
    public required IReadOnlyList<ServedLogResponse> Items { get; init; }

    /// <summary>
    /// What to send as `cursor` for the page after this one. Newest first, null at the oldest entry. Oldest first there is always
    /// one: asked for later, it gives what was added since.
    /// </summary>
    /// <example>AQAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk</example>
    public required string? NextCursor { get; init; }

    /// <summary>
    /// Whether there may be more entries now. A page can have fewer than `limit`, or none, and more to follow, when few entries
    /// match: then this many were looked through.
    /// </summary>
    /// <example>true</example>
    public required bool HasMore { get; init; }

    /// <summary>Left out when there are none: entries of this page that can't be given out because the store was changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GapResponse>? Gaps { get; init; }
}

/// <summary>Entries that can't be given out because the store was changed.</summary>
public sealed record GapResponse
{
    /// <summary>The `seq` of the first.</summary>
    /// <example>17</example>
    public required long From { get; init; }

    /// <summary>The `seq` of the last.</summary>
    /// <example>17</example>
    public required long To { get; init; }

    /// <summary>Why.</summary>
    /// <example>the stored record is damaged</example>
    public required string Reason { get; init; }
}

/// <summary>A stored entry as it is read: all of it, or what a redaction has left of it.</summary>
public sealed record ServedLogResponse
{
    /// <summary>The entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string Id { get; init; }

    /// <summary>Who acted; left out when the entry is redacted.</summary>
    /// <example>your_user_id</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>What was run; left out when the entry is redacted.</summary>
    /// <example>SELECT * FROM users WHERE id = 123</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Query { get; init; }

    /// <summary>With which outcome; left out when the entry is redacted.</summary>
    /// <example>SUCCESS</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>When the service accepted it: UTC, ISO 8601, microseconds.</summary>
    /// <example>2026-03-01T12:00:00.123456Z</example>
    public required string Timestamp { get; init; }

    /// <summary>
    /// HMAC-SHA256 over <c>user_id|query|status|timestamp</c>, in hexadecimal; left out when the entry is redacted.
    /// </summary>
    /// <example>b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hash { get; init; }

    /// <summary>When it happened, as the client knew it: UTC, ISO 8601, microseconds; left out when it did not say.</summary>
    /// <example>2026-03-01T11:59:59.500000Z</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OccurredAt { get; init; }

    /// <summary>What else the client said, in the order of the keys; left out when there is nothing.</summary>
    /// <example>{"client":"backup-7","ticket":"OPS-4711"}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Left out unless the entry is redacted: its content was erased.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Redacted { get; init; }

    /// <summary>
    /// Left out unless the entry is redacted: SHA-256 over the salt and the content, in base64, as its leaf in the tree has it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Commitment { get; init; }

    /// <summary>The entry's place in the log, from 0.</summary>
    /// <example>41</example>
    public required long Seq { get; init; }
}
