using LogApi.Application.Ports;

namespace LogApi.Application.Transparency;

/// <summary>The newest checkpoint, and whether it can be believed.</summary>
/// <param name="Published">The checkpoint; null before the first one.</param>
/// <param name="Problem">Why it can't be believed, in words that follow "because"; null when it can.</param>
internal sealed record TreeHead(PublishedCheckpoint? Published, string? Problem)
{
    /// <summary>How many entries it covers.</summary>
    public long Size => Published?.Checkpoint.Size ?? 0;
}
