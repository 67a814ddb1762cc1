using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using NSec.Cryptography;

namespace LogApi.Infrastructure.Signing;

/// <summary>Signs with an Ed25519 key that it keeps in locked memory.</summary>
public sealed class CheckpointSigner : ICheckpointSigner, IDisposable
{
    private readonly Key _key;

    private CheckpointSigner(Key key, string name)
    {
        _key = key;
        Key = new NoteKey(name, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <inheritdoc/>
    public NoteKey Key { get; }

    /// <summary>Makes the text of a new key (<see cref="SigningKeyText"/>), from the system's random source.</summary>
    /// <exception cref="ArgumentException">The name can't be one.</exception>
    public static string Generate(string name)
    {
        Span<byte> seed = stackalloc byte[SigningKeyText.SeedSize];
        RandomNumberGenerator.Fill(seed);
        using var signer = Import(name, seed);
        return new SigningKeyText(name, signer.Key.Id, seed).Encode();
    }

    /// <summary>Reads the text of a key, or says what is wrong with it in words that follow its name and hold no part of it.</summary>
    public static bool TryCreate(
        string text, [NotNullWhen(true)] out CheckpointSigner? signer, [NotNullWhen(false)] out string? problem)
    {
        signer = null;
        if (!SigningKeyText.TryParse(text, out var parsed))
        {
            problem = "holds no signing key";
            return false;
        }

        var imported = Import(parsed.Name, parsed.Seed);
        if (imported.Key.Id != parsed.Id)
        {
            imported.Dispose();
            problem = "holds a signing key with the id of another one: its name or the key itself was changed";
            return false;
        }

        signer = imported;
        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public SignedNote Sign(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Origin != Key.Name) throw new ArgumentException($"The checkpoint is of another log than {Key.Name}.", nameof(checkpoint));
        return SignedNote.Create(
            checkpoint.Text, Key, SignatureAlgorithm.Ed25519.Sign(_key, Encoding.UTF8.GetBytes(checkpoint.Text)));
    }

    /// <inheritdoc/>
    public bool IsSigned(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return note.IsSignedBy(Key, Ed25519Signatures.Check);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _key.Dispose();

    private static CheckpointSigner Import(string name, ReadOnlySpan<byte> seed) =>
        new(NSec.Cryptography.Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey), name);
}
