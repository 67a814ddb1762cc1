using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LogApi.Domain.Hashing;

/// <summary>
/// Binds values in the store to the keys they are under, so that one that was edited, made by somebody else, or put there from
/// another key, is not taken for the service's own. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// A seal is the start of <c>HMAC-SHA256(k, u32be length of key ‖ key ‖ value)</c>; k is derived from the secret by HKDF
/// (RFC 5869) for one purpose, so that nothing that the service hands out is a seal of anything.
/// </remarks>
public sealed class StoreSeal
{
    /// <summary>The length of a seal, in bytes.</summary>
    public const int Size = 16;

    private readonly byte[][] _keys;

    internal StoreSeal(string purpose, IReadOnlyList<byte[]> secrets) => _keys =
    [
        .. secrets.Select(secret => HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret, HMACSHA256.HashSizeInBytes, salt: null, Encoding.UTF8.GetBytes("logapi/v1/seal/" + purpose))),
    ];

    /// <summary>Gives the seal of a value under a key.</summary>
    public byte[] Of(string key, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Of(_keys[0], key, value);
    }

    /// <summary>Whether a seal is that of this value under this key, made with the current or a previous secret.</summary>
    public bool IsOf(string key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> seal)
    {
        ArgumentNullException.ThrowIfNull(key);
        foreach (var sealing in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(Of(sealing, key, value), seal)) return true;
        }

        return false;
    }

    private static byte[] Of(byte[] sealing, string key, ReadOnlySpan<byte> value)
    {
        var name = Encoding.UTF8.GetBytes(key);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, name.Length);
        byte[] text = [.. length, .. name, .. value];
        return HMACSHA256.HashData(sealing, text)[..Size];
    }
}
