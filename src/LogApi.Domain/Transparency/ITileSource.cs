namespace LogApi.Domain.Transparency;

/// <summary>Where the tiles of a tree are.</summary>
public interface ITileSource
{
    /// <summary>
    /// Gives the hashes of a tile, 32 bytes each, as many as its width says. Of a tile that has grown since, those are the first
    /// ones. Empty when the tile is not there.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken);
}
