using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogApi.Domain.Transparency;

/// <summary>
/// The private half of a <see cref="NoteKey"/> as Go's <c>golang.org/x/mod/sumdb/note</c> writes it:
/// <c>PRIVATE+KEY+name+id+base64(0x01 ‖ seed)</c>. Whether the id is that of the key is for whoever can compute the public half.
/// </summary>
public sealed class SigningKeyText
{
    /// <summary>What every such text begins with.</summary>
    public const string Start = "PRIVATE+KEY+";

    /// <summary>The length of an Ed25519 seed, in bytes (RFC 8032 §5.1.5).</summary>
    public const int SeedSize = 32;

    private const byte Ed25519 = 1;

    private readonly byte[] _seed;

    /// <summary>Takes the name and id of the public key, and the seed.</summary>
    /// <exception cref="ArgumentException">The name can't be one, or the seed has another length.</exception>
    public SigningKeyText(string name, uint id, ReadOnlySpan<byte> seed)
    {
        if (NoteKey.CheckName(name) is { } problem) throw new ArgumentException($"The key's name {problem}.", nameof(name));
        if (seed.Length != SeedSize) throw new ArgumentException($"The seed must have {SeedSize} bytes.", nameof(seed));
        Name = name;
        Id = id;
        _seed = seed.ToArray();
    }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>The <see cref="NoteKey.Id"/> that the text claims.</summary>
    public uint Id { get; }

    /// <summary>The secret itself.</summary>
    public ReadOnlySpan<byte> Seed => _seed;

    /// <summary>Reads the text.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SigningKeyText? key)
    {
        key = null;

        // The base64 part may hold a '+' of its own.
        if (text?.Split('+', 5) is not ["PRIVATE", "KEY", var name, { Length: 8 } hex, var encoded]) return false;
        if (NoteKey.CheckName(name) is not null) return false;
        if (!uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)) return false;
        if (!StrictBase64.TryDecode(encoded, out var bytes) || bytes.Length != SeedSize + 1 || bytes[0] != Ed25519) return false;
        key = new SigningKeyText(name, id, bytes.AsSpan(1));
        return true;
    }

    /// <summary>Gives the text, which is as secret as the key.</summary>
    public string Encode() => string.Create(
        CultureInfo.InvariantCulture, $"{Start}{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519, .. _seed])}");

    /// <summary>Gives the name alone, because this ends in logs.</summary>
    public override string ToString() => Name;
}
