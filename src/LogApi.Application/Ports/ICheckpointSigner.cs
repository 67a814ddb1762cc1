using LogApi.Domain.Transparency;

namespace LogApi.Application.Ports;

/// <summary>Holds the log's private key. Safe for use by many threads at once.</summary>
public interface ICheckpointSigner
{
    /// <summary>The public half; its name is the log's origin.</summary>
    NoteKey Key { get; }

    /// <summary>Signs a checkpoint of this log. The same checkpoint always gets the same signature (RFC 8032).</summary>
    /// <exception cref="ArgumentException">The checkpoint has another origin.</exception>
    SignedNote Sign(Checkpoint checkpoint);

    /// <summary>Whether a note carries this log's signature, and a right one.</summary>
    bool IsSigned(SignedNote note);
}
