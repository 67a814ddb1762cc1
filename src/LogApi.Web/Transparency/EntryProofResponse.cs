using System.Text;
using LogApi.Application.Transparency.GetProof;

namespace LogApi.Web.Transparency;

/// <summary>The proof that an entry is in the tree of a signed checkpoint.</summary>
public sealed record EntryProofResponse
{
    /// <summary>The entry's place in the tree.</summary>
    /// <example>41</example>
    public required long LogIndex { get; init; }

    /// <summary>How many entries the tree has.</summary>
    /// <example>70000</example>
    public required long TreeSize { get; init; }

    /// <summary>What the tree has of the entry: `logapi/v1`, id, timestamp and commitment, each with its newline.</summary>
    /// <example>"logapi/v1\n01890a5d-ac96-774b-bcce-b302099a8057\n2026-03-01T12:00:00.123456Z\nyOgo/TVsjaH1Mg5GI52XE5S5wKBxMVW+mY0+yhhnCXM=\n"</example>
    public required string Leaf { get; init; }

    /// <summary>What the commitment was made with, 16 bytes in base64; null when the entry's content was erased.</summary>
    /// <example>AQIDBAUGBwgJCgsMDQ4PEA==</example>
    public required string? Salt { get; init; }

    /// <summary>The inclusion proof (RFC 6962 §2.1.1), from the leaf up, each hash in base64.</summary>
    /// <example>["yOgo/TVsjaH1Mg5GI52XE5S5wKBxMVW+mY0+yhhnCXM="]</example>
    public required IReadOnlyList<string> Hashes { get; init; }

    /// <summary>The signed checkpoint (C2SP tlog-checkpoint), as GET /checkpoint gave it.</summary>
    /// <example>"example.com/audit\n70000\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n— example.com/audit mhssPQ==\n"</example>
    public required string Checkpoint { get; init; }

    internal static EntryProofResponse Of(EntryProof proof) => new()
    {
        LogIndex = proof.File.Index,
        TreeSize = proof.Size,
        Leaf = Encoding.ASCII.GetString(proof.Leaf.Encode()),
        Salt = proof.Salt.IsEmpty ? null : Convert.ToBase64String(proof.Salt.Span),
        Hashes = [.. proof.File.Hashes.Select(hash => hash.ToString())],
        Checkpoint = proof.File.Checkpoint.ToString(),
    };
}
