using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LogApi.Domain.Transparency;

/// <summary>A hash of the Merkle tree: SHA-256 with the prefixes that keep leaves and nodes apart (RFC 6962 §2.1).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TreeHash
{
    /// <summary>The length, in bytes.</summary>
    public const int Size = 32;

    private const int StackBytes = 512;

    // Big-endian, so that no host shows another value.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private TreeHash(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The root of the empty tree: SHA-256 of nothing.</summary>
    public static TreeHash Empty { get; } = new(SHA256.HashData([]));

    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ data).</summary>
    public static TreeHash OfLeaf(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Size];
        var length = data.Length + 1;
        var text = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        text[0] = 0;
        data.CopyTo(text[1..]);
        SHA256.HashData(text, hash);
        return new TreeHash(hash);
    }

    /// <summary>The hash of a node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static TreeHash OfNode(TreeHash left, TreeHash right)
    {
        Span<byte> hash = stackalloc byte[Size];
        Span<byte> text = stackalloc byte[1 + (2 * Size)];
        text[0] = 1;
        left.CopyTo(text[1..]);
        right.CopyTo(text[(1 + Size)..]);
        SHA256.HashData(text, hash);
        return new TreeHash(hash);
    }

    /// <summary>Takes the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public static TreeHash From(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Size ? new TreeHash(bytes) : throw new ArgumentException($"A tree hash has {Size} bytes.", nameof(bytes));

    /// <summary>Reads standard base64 with padding and without white space, of exactly <see cref="Size"/> bytes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? base64, out TreeHash hash)
    {
        hash = default;
        if (!StrictBase64.TryDecode(base64, out var bytes) || bytes.Length != Size) return false;
        hash = new TreeHash(bytes);
        return true;
    }

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _d);
    }

    /// <summary>Gives the bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Gives the base64 form, 44 characters.</summary>
    public override string ToString() => Convert.ToBase64String(ToArray());
}
