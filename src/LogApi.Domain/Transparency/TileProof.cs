namespace LogApi.Domain.Transparency;

/// <summary>
/// Makes proofs and roots out of tiles, reading each tile once. What a tile holds is taken as it is: a proof made of a changed one
/// does not lead to the root.
/// </summary>
public static class TileProof
{
    /// <summary>Gives the hashes that lead from a leaf to the root of a tree.</summary>
    /// <exception cref="MissingTileException">A tile is not there.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The leaf is not in a tree of this size.</exception>
    public static Task<IReadOnlyList<TreeHash>> OfInclusionAsync(
        ITileSource tiles, long index, long size, CancellationToken cancellationToken) =>
        HashAsync(tiles, LeafRange.OfInclusion(index, size), size, cancellationToken);

    /// <summary>Gives the hashes that show that a tree continues an earlier one.</summary>
    /// <exception cref="MissingTileException">A tile is not there.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The earlier tree is empty, or larger than the later one.</exception>
    public static Task<IReadOnlyList<TreeHash>> OfConsistencyAsync(
        ITileSource tiles, long oldSize, long newSize, CancellationToken cancellationToken) =>
        HashAsync(tiles, LeafRange.OfConsistency(oldSize, newSize), newSize, cancellationToken);

    /// <summary>Gives the root of a tree.</summary>
    /// <exception cref="MissingTileException">A tile is not there.</exception>
    public static async Task<TreeHash> RootAsync(ITileSource tiles, long size, CancellationToken cancellationToken) =>
        size == 0 ? TreeHash.Empty : (await HashAsync(tiles, [new LeafRange(0, size)], size, cancellationToken))[0];

    private static async Task<IReadOnlyList<TreeHash>> HashAsync(
        ITileSource tiles, IReadOnlyList<LeafRange> ranges, long size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        var nodes = ranges.Select(range => TreeNode.Cover(range.Start, range.End)).ToList();
        var wanted = nodes.SelectMany(part => part).Select(node => Tile.Holding(node, size)).Distinct().ToList();
        var reads = await Task.WhenAll(wanted.Select(tile => tiles.ReadAsync(tile, cancellationToken).AsTask()));
        var contents = new Dictionary<Tile, ReadOnlyMemory<byte>>(wanted.Count);
        for (var i = 0; i < wanted.Count; i++)
        {
            var length = wanted[i].Width * TreeHash.Size;
            contents[wanted[i]] = reads[i].Length >= length ? reads[i][..length] : throw new MissingTileException(wanted[i]);
        }

        return [.. nodes.Select(part =>
            TreeNode.Combine([.. part.Select(node => Tile.HashOf(node, contents[Tile.Holding(node, size)].Span))]))];
    }
}
