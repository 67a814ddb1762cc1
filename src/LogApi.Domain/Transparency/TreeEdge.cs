using System.Diagnostics.CodeAnalysis;

namespace LogApi.Domain.Transparency;

/// <summary>
/// The right edge of a tree: the hashes of its partial tiles, from the leaves up. It is all that it takes to give the root and
/// to add leaves; what is left of it are full tiles, which never change. At most 255 hashes for each of 8 levels.
/// </summary>
public sealed class TreeEdge
{
    private readonly List<TreeHash>[] _levels;

    private TreeEdge(long size, List<TreeHash>[] levels)
    {
        Size = size;
        _levels = levels;
    }

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>The edge of the tree without leaves.</summary>
    public static TreeEdge CreateEmpty() => new(0, NewLevels());

    /// <summary>Takes an edge out of the partial tiles of a tree, as <see cref="Partial"/> gives them.</summary>
    /// <param name="size">The number of leaves.</param>
    /// <param name="partials">The hashes of the partial tile of each level, from the leaves up; levels behind the last are empty.</param>
    /// <param name="edge">The edge.</param>
    /// <returns>False when a tile has another width than the size asks for.</returns>
    public static bool TryCreate(long size, IReadOnlyList<ReadOnlyMemory<byte>> partials, [NotNullWhen(true)] out TreeEdge? edge)
    {
        ArgumentNullException.ThrowIfNull(partials);
        edge = null;
        if (size < 0 || partials.Count > Tile.MaxLevel + 1) return false;
        var levels = NewLevels();
        for (var level = 0; level <= Tile.MaxLevel; level++)
        {
            var bytes = level < partials.Count ? partials[level] : default;
            if (bytes.Length != TreeHash.Size * WidthAt(size, level)) return false;
            for (var i = 0; i < bytes.Length; i += TreeHash.Size) levels[level].Add(TreeHash.From(bytes.Span[i..]));
        }

        edge = new TreeEdge(size, levels);
        return true;
    }

    /// <summary>Gives the hashes of a level's partial tile; empty when the tree has none there.</summary>
    public byte[] Partial(int level) => ToBytes(_levels[level]);

    /// <summary>Gives the root hash.</summary>
    public TreeHash Root()
    {
        var nodes = TreeNode.Cover(0, Size);
        var hashes = new TreeHash[nodes.Count];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = Tile.HashOf(nodes[i], Partial(nodes[i].Level / Tile.Height));
        return TreeNode.Combine(hashes);
    }

    /// <summary>Adds a leaf.</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="onFull">Is given each tile that is full with this leaf, and its 256 hashes.</param>
    public void Append(TreeHash leaf, Action<Tile, byte[]> onFull)
    {
        ArgumentNullException.ThrowIfNull(onFull);
        Size++;
        var hash = leaf;
        for (var level = 0; ; level++)
        {
            var hashes = _levels[level];
            hashes.Add(hash);
            if (hashes.Count < Tile.FullWidth) return;
            var bytes = ToBytes(hashes);
            hashes.Clear();
            onFull(new Tile(level, (Size >> (Tile.Height * (level + 1))) - 1, Tile.FullWidth), bytes);
            hash = Tile.RootOf(bytes);
        }
    }

    /// <summary>Gives an edge that grows by itself.</summary>
    public TreeEdge Copy() => new(Size, [.. _levels.Select(level => new List<TreeHash>(level))]);

    private static int WidthAt(long size, int level) => (int)((size >> (Tile.Height * level)) % Tile.FullWidth);

    private static List<TreeHash>[] NewLevels() => [.. Enumerable.Range(0, Tile.MaxLevel + 1).Select(_ => new List<TreeHash>())];

    private static byte[] ToBytes(List<TreeHash> hashes)
    {
        var bytes = new byte[hashes.Count * TreeHash.Size];
        for (var i = 0; i < hashes.Count; i++) hashes[i].CopyTo(bytes.AsSpan(i * TreeHash.Size));
        return bytes;
    }
}
