using System.Buffers.Binary;
using System.Security.Cryptography;
using LogApi.Application.Common.Idempotency;

namespace LogApi.Infrastructure.Redis.Idempotency;

/// <summary>
/// What is remembered of a request: a digit for how far it is, the seed (8 bytes of ticks, big-endian, and the nonce), the digest of
/// its body unless the digit is 0, and when it is answered the outcome.
/// </summary>
/// <param name="Seed">What its entries are made from.</param>
/// <param name="BodyDigest">The SHA-256 of what was asked for; empty when it is not known.</param>
/// <param name="Outcome">The outcome.</param>
internal sealed record RequestRecord(RequestSeed Seed, ReadOnlyMemory<byte> BodyDigest, ReadOnlyMemory<byte> Outcome)
{
    private const int TicksAt = 1;
    private const int NonceAt = TicksAt + sizeof(long);
    private const int DigestAt = NonceAt + RequestSeed.NonceBytes;
    private const int OutcomeAt = DigestAt + SHA256.HashSizeInBytes;

    /// <summary>Writes a record.</summary>
    /// <param name="seed">What the request's entries are made from.</param>
    /// <param name="bodyDigest">The SHA-256 of what was asked for; empty when it is not known.</param>
    /// <param name="outcome">The outcome; null while there is none.</param>
    public static byte[] Encode(RequestSeed seed, ReadOnlySpan<byte> bodyDigest, ReadOnlyMemory<byte>? outcome)
    {
        var record = new byte[DigestAt + bodyDigest.Length + (outcome?.Length ?? 0)];
        record[0] = (byte)(outcome is not null ? '2' : bodyDigest.IsEmpty ? '0' : '1');
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(TicksAt), seed.Time.UtcTicks);
        seed.Nonce.Span.CopyTo(record.AsSpan(NonceAt));
        bodyDigest.CopyTo(record.AsSpan(DigestAt));
        outcome?.Span.CopyTo(record.AsSpan(DigestAt + bodyDigest.Length));
        return record;
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static RequestRecord Decode(ReadOnlyMemory<byte> record)
    {
        var hasDigest = record.Length > 0 && record.Span[0] != '0';
        if (record.Length < (hasDigest ? OutcomeAt : DigestAt)) throw new InvalidDataException("The record of a request is too short.");
        var time = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(record.Span[TicksAt..]), TimeSpan.Zero);
        return new RequestRecord(
            new RequestSeed(time, record[NonceAt..DigestAt]),
            hasDigest ? record[DigestAt..OutcomeAt] : default,
            hasDigest ? record[OutcomeAt..] : default);
    }
}
