namespace LogApi.Application.Logs;

/// <summary>A stored entry as it is served.</summary>
public sealed record LogEntryResponse
{
    /// <summary>The entry's UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Who acted.</summary>
    public required string UserId { get; init; }

    /// <summary>What was run.</summary>
    public required string Query { get; init; }

    /// <summary>With which outcome.</summary>
    public required string Status { get; init; }

    /// <summary>When the service accepted it: UTC, ISO 8601, microseconds.</summary>
    public required string Timestamp { get; init; }

    /// <summary>HMAC-SHA256 over <c>user_id|query|status|timestamp</c>, in hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>The entry's place in the log, from 0.</summary>
    public required long Seq { get; init; }
}
