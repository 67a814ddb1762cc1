namespace LogApi.Domain.Transparency;

/// <summary>A tile that a proof needs is not there, or is shorter than it must be.</summary>
public sealed class MissingTileException(Tile tile)
    : Exception($"The tile {tile.Level}/{tile.ToPath()} is missing or too short.")
{
    /// <summary>Which tile.</summary>
    public Tile Tile { get; } = tile;
}
