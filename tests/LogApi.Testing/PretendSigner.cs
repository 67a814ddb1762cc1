using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;

namespace LogApi.Testing;

/// <summary>Signs with what anybody can make, for tests of what is signed and not how.</summary>
public sealed class PretendSigner : ICheckpointSigner
{
    /// <inheritdoc/>
    public NoteKey Key { get; } = new("logs.example.org/audit", SHA256.HashData([]));

    /// <inheritdoc/>
    public SignedNote Sign(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return SignedNote.Create(checkpoint.Text, Key, SHA512.HashData(Encoding.UTF8.GetBytes(checkpoint.Text)));
    }

    /// <inheritdoc/>
    public bool IsSigned(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return note.IsSignedBy(Key, static (_, text, signature) => SHA512.HashData(text).AsSpan().SequenceEqual(signature));
    }
}
