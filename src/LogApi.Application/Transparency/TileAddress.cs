using System.Globalization;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Transparency;

/// <summary>Reads where a tile is from the parts of its path.</summary>
internal static class TileAddress
{
    /// <summary>Reads a level and a path, each in its one spelling. No tree reaches the levels above 7 that there could be.</summary>
    public static bool TryParse(string? level, string? path, out Tile tile)
    {
        tile = default;
        return level is [>= '0' and <= '7'] && Tile.TryParsePath(level[0] - '0', path, out tile);
    }

    /// <summary>The first size of a tree that has the tile.</summary>
    public static long SizeOf(Tile tile)
    {
        var hashes = ((UInt128)tile.Index * Tile.FullWidth) + (uint)tile.Width;
        var size = hashes << (Tile.Height * tile.Level);
        return size > long.MaxValue ? long.MaxValue : (long)size;
    }

    /// <summary>Says that a tile is not published.</summary>
    public static string WhyMissing(Tile tile, long size) => string.Create(
        CultureInfo.InvariantCulture, $"The tile {tile.Level}/{tile.ToPath()} is not published: it takes {SizeOf(tile)} entries, and the tree has {size}.");
}
