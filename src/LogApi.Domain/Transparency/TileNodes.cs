namespace LogApi.Domain.Transparency;

/// <summary>A tile with the hashes of all complete subtrees over its hashes, each made once.</summary>
internal sealed class TileNodes
{
    private readonly TreeHash[][] _levels = new TreeHash[Tile.Height][];

    /// <param name="hashes">The tile's hashes, 32 bytes each.</param>
    public TileNodes(ReadOnlySpan<byte> hashes)
    {
        var row = new TreeHash[hashes.Length / TreeHash.Size];
        for (var i = 0; i < row.Length; i++) row[i] = TreeHash.From(hashes[(i * TreeHash.Size)..]);
        _levels[0] = row;
        for (var level = 1; level < Tile.Height; level++)
        {
            var below = row;
            row = new TreeHash[below.Length / 2];
            for (var i = 0; i < row.Length; i++) row[i] = TreeHash.OfNode(below[2 * i], below[(2 * i) + 1]);
            _levels[level] = row;
        }
    }

    /// <summary>Gives the hash of a subtree that <see cref="Tile.Holding"/> says is in this tile.</summary>
    public TreeHash HashOf(TreeNode node)
    {
        var row = _levels[node.Level % Tile.Height];
        return row[node.Index % (Tile.FullWidth >> (node.Level % Tile.Height))];
    }
}
