using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LogApi.Domain.Transparency;

/// <summary>
/// The public key that signs a log's checkpoints: Ed25519, under a name, which for a log's own key is its origin (C2SP
/// signed-note).
/// </summary>
public sealed class NoteKey
{
    /// <summary>The length of an Ed25519 public key, in bytes.</summary>
    public const int PublicKeySize = 32;

    private const byte Ed25519 = 1;

    private readonly byte[] _publicKey;

    /// <summary>Takes a name and a public key of 32 bytes.</summary>
    /// <exception cref="ArgumentException">The name can't be one, or the key has another length.</exception>
    public NoteKey(string name, ReadOnlySpan<byte> publicKey)
    {
        if (CheckName(name) is { } problem) throw new ArgumentException($"The key's name {problem}.", nameof(name));
        if (publicKey.Length != PublicKeySize) throw new ArgumentException($"The key must have {PublicKeySize} bytes.", nameof(publicKey));
        Name = name;
        _publicKey = publicKey.ToArray();
        Id = BinaryPrimitives.ReadUInt32BigEndian(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519, .. publicKey]));
    }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), as a big-endian number.</summary>
    public uint Id { get; }

    /// <summary>The public key's bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>Says what is wrong with a name and what is accepted, or nothing when it can be one.</summary>
    public static string? CheckName(string? name)
    {
        const string rule = "1 to 128 characters, without spaces, control characters and '+'";
        if (string.IsNullOrEmpty(name)) return $"is required: {rule}";
        if (name.Length > 128) return $"is too long; accepted are {rule}";
        return name.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || char.IsSurrogate(character) || character == '+')
            ? $"has a character that it may not have; accepted are {rule}"
            : null;
    }

    /// <summary>Reads a verifier key, <c>name+hash+base64(0x01 ‖ key)</c>.</summary>
    public static bool TryParse(string? vkey, [NotNullWhen(true)] out NoteKey? key)
    {
        key = null;

        // The base64 part may hold a '+' of its own.
        if (vkey?.Split('+', 3) is not [var name, var id, var encoded] || CheckName(name) is not null) return false;
        if (!StrictBase64.TryDecode(encoded, out var bytes) || bytes.Length != PublicKeySize + 1 || bytes[0] != Ed25519) return false;
        var parsed = new NoteKey(name, bytes.AsSpan(1));
        if (id != parsed.Id.ToString("x8", CultureInfo.InvariantCulture)) return false;
        key = parsed;
        return true;
    }

    /// <summary>Gives the verifier key's text.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519, .. _publicKey])}");
}
