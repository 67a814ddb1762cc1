namespace LogApi.Application.Logs.RedactLog;

/// <summary>A redacted entry as it is served.</summary>
public sealed record RedactedLogResponse
{
    /// <summary>The entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string Id { get; init; }

    /// <summary>When the service accepted it: UTC, ISO 8601, microseconds.</summary>
    /// <example>2026-03-01T12:00:00.123456Z</example>
    public required string Timestamp { get; init; }

    /// <summary>Always true.</summary>
    /// <example>true</example>
    public required bool Redacted { get; init; }

    /// <summary>SHA-256 over the salt and the content, both erased, in base64: what the entry's leaf in the tree holds of them.</summary>
    /// <example>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</example>
    public required string Commitment { get; init; }

    /// <summary>The entry's place in the log, from 0.</summary>
    /// <example>41</example>
    public required long Seq { get; init; }
}
