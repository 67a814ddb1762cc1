using System.Buffers.Binary;
using System.Security.Cryptography;
using LogApi.Domain.Entries;

namespace LogApi.Application.Common.Idempotency;

/// <summary>
/// What the ids of a request's entries are made from, and at first their times. Whoever carries out the request again from the same
/// seed makes entries of the same ids, and the log stores each only once, wherever the first attempt had ended.
/// </summary>
/// <param name="Time">When the request was first taken up.</param>
/// <param name="Nonce">Random bytes, <see cref="NonceBytes"/> of them.</param>
public sealed record RequestSeed(DateTimeOffset Time, ReadOnlyMemory<byte> Nonce)
{
    /// <summary>The length of the nonce.</summary>
    public const int NonceBytes = 16;

    /// <summary>How much older than the entry the time may be that an entry is given.</summary>
    public static readonly TimeSpan TimeHolds = TimeSpan.FromMinutes(1);

    /// <summary>Makes a new seed.</summary>
    public static RequestSeed At(DateTimeOffset time) => new(time, RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>
    /// Gives the time for entries that are made now: the one given before while it holds, so that those of one attempt share it,
    /// and then the present. A client that waits with its body, or with its next attempt, must not choose the time of its entries.
    /// </summary>
    /// <param name="given">The time given last; the seed's at first.</param>
    /// <param name="now">The present.</param>
    public static DateTimeOffset TimeAt(DateTimeOffset given, DateTimeOffset now) => now - given < TimeHolds ? given : now;

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
