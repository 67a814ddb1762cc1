using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LogApi.Domain.Transparency;

/// <summary>
/// The address of a tile of the tree (C2SP tlog-tiles): 256 hashes side by side at one level, or fewer at the tree's right edge.
/// </summary>
/// <param name="Level">The tile's level, 0 for leaf hashes; each is 8 levels of the tree.</param>
/// <param name="Index">Its place at that level, from 0.</param>
/// <param name="Width">How many hashes it has, 1 to 256; fewer than 256 make it a partial tile.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Tile(int Level, long Index, int Width)
{
    /// <summary>The levels of the tree that a tile spans.</summary>
    public const int Height = 8;

    /// <summary>The hashes of a full tile.</summary>
    public const int FullWidth = 1 << Height;

    /// <summary>The largest level: no tree of 2^63 leaves has a higher one.</summary>
    public const int MaxLevel = 7;

    /// <summary>Whether it is at the tree's right edge and not full.</summary>
    public bool IsPartial => Width < FullWidth;

    /// <summary>Gives the width that a tile has in a tree, 0 when the tree does not reach it.</summary>
    public static int WidthIn(long treeSize, int level, long index)
    {
        var hashes = treeSize >> (Height * level);
        return index > hashes / FullWidth ? 0 : (int)Math.Min(hashes - (index * FullWidth), FullWidth);
    }

    /// <summary>Gives the tile that holds what the hash of a subtree is made of, in a tree of the given size.</summary>
    public static Tile Holding(TreeNode node, long treeSize)
    {
        var level = node.Level / Height;
        var first = node.Index << (node.Level % Height);
        var index = first / FullWidth;
        return new Tile(level, index, WidthIn(treeSize, level, index));
    }

    /// <summary>Gives the hash of a subtree out of the hashes of the tile that <see cref="Holding"/> gives.</summary>
    /// <exception cref="ArgumentException">The tile does not reach so far.</exception>
    public static TreeHash HashOf(TreeNode node, ReadOnlySpan<byte> hashes)
    {
        var levels = node.Level % Height;
        var start = (int)((node.Index << levels) % FullWidth) * TreeHash.Size;
        var length = (1 << levels) * TreeHash.Size;
        return start + length <= hashes.Length
            ? Reduce(hashes.Slice(start, length))
            : throw new ArgumentException("The tile does not hold the subtree.", nameof(hashes));
    }

    /// <summary>Gives the hash of the whole subtree over a full tile's hashes: one hash of the tile above.</summary>
    /// <exception cref="ArgumentException">The tile is not full.</exception>
    public static TreeHash RootOf(ReadOnlySpan<byte> hashes) => hashes.Length == FullWidth * TreeHash.Size
        ? Reduce(hashes)
        : throw new ArgumentException($"A full tile has {FullWidth} hashes.", nameof(hashes));

    /// <summary>Writes the part of the path behind <c>tile/&lt;L&gt;/</c>: groups of three digits, and <c>.p/W</c> when it is partial.</summary>
    public string ToPath()
    {
        var path = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
            path = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:000}/{path}");
        return IsPartial ? string.Create(CultureInfo.InvariantCulture, $"{path}.p/{Width}") : path;
    }

    /// <summary>Reads what <see cref="ToPath"/> writes, and no other spelling of it.</summary>
    public static bool TryParsePath(int level, [NotNullWhen(true)] string? path, out Tile tile)
    {
        tile = default;
        if (path is null) return false;
        var width = FullWidth;
        var digits = path;
        if (path.IndexOf(".p/", StringComparison.Ordinal) is var mark and >= 0)
        {
            if (!int.TryParse(path.AsSpan(mark + 3), NumberStyles.None, CultureInfo.InvariantCulture, out width)) return false;
            if (width is < 1 or >= FullWidth) return false;
            digits = path[..mark];
        }

        var number = new StringBuilder(digits).Replace("x", "").Replace("/", "").ToString();
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return false;
        tile = new Tile(level, index, width);
        return tile.ToPath().Equals(path, StringComparison.Ordinal);
    }

    private static TreeHash Reduce(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == TreeHash.Size) return TreeHash.From(hashes);
        var middle = hashes.Length / 2;
        return TreeHash.OfNode(Reduce(hashes[..middle]), Reduce(hashes[middle..]));
    }
}
