using LogApi.Application.Common.Errors;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Ports;

/// <summary>
/// The published tree over the entries. A leaf's index is its entry's sequence number. Every method throws
/// <see cref="StoreUnavailableException"/> when the store does not answer.
/// </summary>
public interface ITransparencyLog : ITileSource
{
    /// <summary>Raised when <see cref="Refusal"/> has changed. A handler must return at once.</summary>
    event Action? RefusalChanged;

    /// <summary>Why nothing is signed, in a sentence; null when all is well.</summary>
    string? Refusal { get; }

    /// <summary>What waits longer to be signed than it should although nothing is refused, in a sentence; null when nothing does.</summary>
    string? Delay { get; }

    /// <summary>The newest checkpoint that this process has seen, at most about a second old while the store answers; null before the first one.</summary>
    PublishedCheckpoint? Latest { get; }

    /// <summary>Reads the newest checkpoint from the store; null before the first one.</summary>
    Task<PublishedCheckpoint?> ReadLatestAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the leaves of neighbouring entries out of what the store holds of them now; null for one that is gone or unreadable.
    /// Whether they are those of the tree, or right at all, is not looked at.
    /// </summary>
    Task<IReadOnlyList<LogLeaf?>> ReadLeavesAsync(long first, int count, CancellationToken cancellationToken);
}

/// <summary>A checkpoint as it was published.</summary>
/// <param name="Checkpoint">What it says.</param>
/// <param name="Note">The same, signed.</param>
/// <param name="SignedAt">When; null when it is known from a file, which does not say.</param>
public sealed record PublishedCheckpoint(Checkpoint Checkpoint, SignedNote Note, DateTimeOffset? SignedAt);
