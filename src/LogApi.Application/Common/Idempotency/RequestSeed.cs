using System.Buffers.Binary;
using System.Security.Cryptography;
using LogApi.Domain.Entries;

namespace LogApi.Application.Common.Idempotency;

/// <summary>
/// What the ids and times of a request's entries are made from. Whoever carries out the request again from the same seed makes
/// the very same entries, and the log stores each only once, wherever the first attempt had ended.
/// </summary>
/// <param name="Time">When the request was first taken up.</param>
/// <param name="Nonce">Random bytes, <see cref="NonceBytes"/> of them.</param>
public sealed record RequestSeed(DateTimeOffset Time, ReadOnlyMemory<byte> Nonce)
{
    /// <summary>The length of the nonce.</summary>
    public const int NonceBytes = 16;

    /// <summary>Makes a new seed.</summary>
    public static RequestSeed At(DateTimeOffset time) => new(time, RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>Gives the id of the entry at a place of the request.</summary>
    public LogId IdOf(int index)
    {
        Span<byte> text = stackalloc byte[NonceBytes + sizeof(int)];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Nonce.Span.CopyTo(text);
        BinaryPrimitives.WriteInt32BigEndian(text[NonceBytes..], index);
        SHA256.HashData(text, digest);
        return LogId.MakeAt(Time, digest);
    }
}
