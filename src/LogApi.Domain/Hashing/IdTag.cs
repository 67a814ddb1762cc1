using System.Security.Cryptography;

namespace LogApi.Domain.Hashing;

/// <summary>
/// Binds an id to the content it was given to. The hash of an entry covers neither its id nor its context, so without it one
/// entry's content could be put under another's id. The store keeps it beside the entry; <see cref="EntryHasher.Tag(Entries.LogEntry)"/> makes it.
/// </summary>
public sealed class IdTag
{
    /// <summary>The length, in bytes: 128 bits, which nobody finds by trying (RFC 2104 §5).</summary>
    public const int Size = 16;

    private readonly byte[] _bytes;

    private IdTag(byte[] bytes) => _bytes = bytes;

    /// <summary>The tag's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Takes the tag out of a keyed hash: its first bytes.</summary>
    internal static IdTag Of(EntryHash mac) => new(Convert.FromHexString(mac.Hex.AsSpan(0, 2 * Size)));

    /// <summary>Compares with what the store holds, in a time that does not depend on where the two differ.</summary>
    public bool Matches(ReadOnlySpan<byte> stored) => CryptographicOperations.FixedTimeEquals(_bytes, stored);
}
