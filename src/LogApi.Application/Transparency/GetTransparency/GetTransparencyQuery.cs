using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Transparency.GetTransparency;

/// <summary>Asks what an auditor needs to know of the log.</summary>
public sealed record GetTransparencyQuery : IRequest<Result<TransparencyResponse>>;

/// <summary>What an auditor needs to know of the log.</summary>
public sealed record TransparencyResponse
{
    /// <summary>The log's name, the first line of its checkpoints.</summary>
    /// <example>example.com/audit</example>
    public required string Origin { get; init; }

    /// <summary>The public key that its checkpoints are signed with, as C2SP signed-note writes it. Keep it: it must not change.</summary>
    /// <example>example.com/audit+9a1b2c3d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=</example>
    public required string Vkey { get; init; }

    /// <summary>How many entries the newest checkpoint covers; 0 before the first one.</summary>
    /// <example>70000</example>
    public required long TreeSize { get; init; }

    /// <summary>The newest checkpoint's root hash, in base64; null before the first one.</summary>
    /// <example>sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=</example>
    public required string? Root { get; init; }

    /// <summary>When the newest checkpoint was signed: UTC, ISO 8601; null before the first one, or when it is not known.</summary>
    /// <example>2026-03-01T12:00:01.000000Z</example>
    public required string? SignedAt { get; init; }

    /// <summary>How often a checkpoint is made while entries come, in milliseconds.</summary>
    /// <example>1000</example>
    public required long CheckpointIntervalMs { get; init; }

    /// <summary>How long entries are kept. The hashes of all of them are kept for ever.</summary>
    public required RetentionResponse Retention { get; init; }

    /// <summary>Whether the service still signs.</summary>
    public required IntegrityResponse Integrity { get; init; }
}

/// <summary>How long entries are kept.</summary>
public sealed record RetentionResponse
{
    /// <summary>For how many days; null for ever.</summary>
    /// <example>365</example>
    public required int? Days { get; init; }

    /// <summary>How many of the newest; null for all.</summary>
    /// <example>1000000</example>
    public required long? MaxEntries { get; init; }

    /// <summary>The `seq` of the first entry that is kept.</summary>
    /// <example>0</example>
    public required long FirstSeq { get; init; }
}

/// <summary>Whether the service still signs.</summary>
public sealed record IntegrityResponse
{
    /// <summary>
    /// `ok`; `late` when entries have waited too long to be signed; or `refused` when the store does not continue what was signed
    /// before, so that nothing more is signed.
    /// </summary>
    /// <example>ok</example>
    public required string State { get; init; }

    /// <summary>Why nothing is signed, or what waits, in a sentence; null when all is well.</summary>
    public required string? Reason { get; init; }
}
