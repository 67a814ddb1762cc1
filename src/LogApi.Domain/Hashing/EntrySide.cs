using System.Runtime.InteropServices;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Hashing;

/// <summary>
/// What the store keeps beside an entry: its <see cref="IdTag"/> and, behind it, the salt of its leaf in the tree. A redacted
/// entry has no salt. Nor has one that was written before there was a tree: that has a salt of zeros, so its leaf can be made,
/// but says more of its content than others do.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct EntrySide
{
    /// <summary>The length with a salt, in bytes.</summary>
    public const int Size = IdTag.Size + LogLeaf.SaltSize;

    private static readonly byte[] NoSalt = new byte[LogLeaf.SaltSize];

    private EntrySide(ReadOnlyMemory<byte> tag, ReadOnlyMemory<byte> salt) => (Tag, Salt) = (tag, salt);

    /// <summary>The tag's bytes.</summary>
    public ReadOnlyMemory<byte> Tag { get; }

    /// <summary>The salt.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>Puts a tag and a salt together.</summary>
    /// <exception cref="ArgumentException">The salt has another length.</exception>
    public static byte[] Encode(IdTag tag, ReadOnlySpan<byte> salt)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return salt.Length == LogLeaf.SaltSize
            ? [.. tag.Bytes, .. salt]
            : throw new ArgumentException($"A salt has {LogLeaf.SaltSize} bytes.", nameof(salt));
    }

    /// <summary>Takes apart what the store holds; false when it has another length than this service writes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> side, out EntrySide decoded)
    {
        decoded = side.Length switch
        {
            Size => new EntrySide(side[..IdTag.Size], side[IdTag.Size..]),
            IdTag.Size => new EntrySide(side, NoSalt),
            _ => default,
        };
        return side.Length is Size or IdTag.Size;
    }
}
