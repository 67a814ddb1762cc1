using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LogApi.Domain.Hashing;

/// <summary>An HMAC-SHA256 value as 64 lower-case hexadecimal digits.</summary>
public sealed record EntryHash
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private EntryHash(string hex) => Hex = hex;

    /// <summary>The 64 digits.</summary>
    public string Hex { get; }

    /// <summary>Reads exactly 64 lower-case digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EntryHash? hash)
    {
        var valid = text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(Digits);
        hash = valid ? new EntryHash(text!) : null;
        return valid;
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Matches(EntryHash other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<char>(Hex), MemoryMarshal.AsBytes<char>(other.Hex));
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;

    internal static EntryHash FromBytes(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes));
}
