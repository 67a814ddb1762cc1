using System.Security.Cryptography;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>The SHA-256 of an id: where its row is, and what is kept of it once its entry is dropped.</summary>
internal readonly struct IdFingerprint
{
    /// <summary>How many bytes stand for a dropped id: two ids are taken for each other once in 2^64 times.</summary>
    public const int Length = 8;

    private readonly byte[] _digest;

    public IdFingerprint(ReadOnlySpan<byte> id) => _digest = SHA256.HashData(id);

    /// <summary>The number of the hash that has the id's row, one of 65,536.</summary>
    public int Bucket => (_digest[0] << 8) | _digest[1];

    /// <summary>What is kept.</summary>
    public byte[] Bytes => _digest[..Length];
}
