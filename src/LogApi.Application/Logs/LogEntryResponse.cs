using System.Text.Json.Serialization;

namespace LogApi.Application.Logs;

/// <summary>A stored entry as it is served.</summary>
public sealed record LogEntryResponse
{
    /// <summary>The entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string Id { get; init; }

    /// <summary>Who acted.</summary>
    /// <example>your_user_id</example>
    public required string UserId { get; init; }

    /// <summary>What was run.</summary>
    /// <example>SELECT * FROM users WHERE id = 123</example>
    public required string Query { get; init; }

    /// <summary>With which outcome.</summary>
    /// <example>SUCCESS</example>
    public required string Status { get; init; }

    /// <summary>When the service accepted it: UTC, ISO 8601, microseconds.</summary>
    /// <example>2026-03-01T12:00:00.123456Z</example>
    public required string Timestamp { get; init; }

    /// <summary>HMAC-SHA256 over <c>user_id|query|status|timestamp</c>, in hexadecimal.</summary>
    /// <example>b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8</example>
    public required string Hash { get; init; }

    /// <summary>When it happened, as the client knew it: UTC, ISO 8601, microseconds; left out when it did not say.</summary>
    /// <example>2026-03-01T11:59:59.500000Z</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OccurredAt { get; init; }

    /// <summary>What else the client said, in the order of the keys; left out when there is nothing.</summary>
    /// <example>{"client":"backup-7","ticket":"OPS-4711"}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>The entry's place in the log, from 0.</summary>
    /// <example>41</example>
    public required long Seq { get; init; }

    /// <summary>Whether this is the answer to a request that was sent before; a header says so, not the body.</summary>
    [JsonIgnore]
    public bool IsReplay { get; init; }
}
