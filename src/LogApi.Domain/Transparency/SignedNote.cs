using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace LogApi.Domain.Transparency;

/// <summary>A text with signatures under it (C2SP signed-note).</summary>
public sealed class SignedNote
{
    private const string Mark = "\u2014 ";
    private const int KeyIdSize = 4;
    private const int SignatureSize = 64;

    private readonly string _signatures;

    private SignedNote(string text, string signatures, IReadOnlyList<NoteSignature> parsed)
    {
        Text = text;
        _signatures = signatures;
        Signatures = parsed;
    }

    /// <summary>Checks an Ed25519 signature (RFC 8032 §5.1.7) over a text's UTF-8 bytes.</summary>
    public delegate bool SignatureCheck(NoteKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature);

    /// <summary>The signed text, with its last newline.</summary>
    public string Text { get; }

    /// <summary>The signatures, of signers known or not.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Puts a signature of 64 bytes under a text.</summary>
    public static SignedNote Create(string text, NoteKey key, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(key);
        var value = new byte[KeyIdSize + signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, key.Id);
        signature.CopyTo(value.AsSpan(KeyIdSize));
        return new SignedNote(
            text, $"{Mark}{key.Name} {Convert.ToBase64String(value)}\n", [new NoteSignature(key.Name, key.Id, signature.ToArray())]);
    }

    /// <summary>Reads a note: text, an empty line, and at least one signature line.</summary>
    public static bool TryParse(string? note, [NotNullWhen(true)] out SignedNote? parsed)
    {
        parsed = null;
        if (note is null || note.Any(character => character < ' ' && character != '\n') || !note.EndsWith('\n')) return false;
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || split + 2 == note.Length) return false;
        var signatures = new List<NoteSignature>();
        foreach (var line in note[(split + 2)..^1].Split('\n'))
        {
            if (!TryParseSignature(line, out var signature)) return false;
            signatures.Add(signature);
        }

        parsed = new SignedNote(note[..(split + 1)], note[(split + 2)..], signatures);
        return true;
    }

    /// <summary>
    /// Whether a key has signed the text. Signers that are not asked for are passed over; a bad signature under the key's own name
    /// and id spoils the note, whatever other signatures it has.
    /// </summary>
    public bool IsSignedBy(NoteKey key, SignatureCheck check)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(check);
        var text = System.Text.Encoding.UTF8.GetBytes(Text);
        var own = Signatures.Where(signature => signature.Name == key.Name && signature.KeyId == key.Id).ToList();
        return own.Count > 0
            && own.TrueForAll(signature => signature.Value.Length == SignatureSize && check(key, text, signature.Value.Span));
    }

    /// <summary>Gives the note: text, empty line, signature lines.</summary>
    public override string ToString() => $"{Text}\n{_signatures}";

    private static bool TryParseSignature(string line, out NoteSignature signature)
    {
        signature = default;
        if (!line.StartsWith(Mark, StringComparison.Ordinal)) return false;
        if (line[Mark.Length..].Split(' ') is not [var name, var encoded] || NoteKey.CheckName(name) is not null) return false;
        if (!StrictBase64.TryDecode(encoded, out var value) || value.Length <= KeyIdSize) return false;
        signature = new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(value), value.AsMemory(KeyIdSize));
        return true;
    }
}
