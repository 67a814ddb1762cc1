using System.Numerics;

namespace LogApi.Domain.Transparency;

/// <summary>
/// Makes many inclusion proofs in one tree. Tiles are kept for a while with every hash that was made of them, so the proofs of
/// neighbouring leaves cost little more than writing them down. Safe for use by many threads at once.
/// </summary>
/// <param name="tiles">Where the tiles are.</param>
/// <param name="size">How many leaves the tree has.</param>
public sealed class InclusionProver(ITileSource tiles, long size)
{
    // Who goes through the log, also in several places at once, is at one tile of each level in each place.
    private const int MaxTiles = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<Tile, Task<TileNodes>> _tiles = [];
    private readonly Queue<Tile> _order = new();

    // By level: the hash of the last subtree of that height, which is not complete.
    private readonly Task<TreeHash>?[] _edges = new Task<TreeHash>?[64];

    /// <summary>How many leaves the tree has.</summary>
    public long Size => size;

    /// <summary>Gives the hashes that lead from a leaf to the root, as <see cref="TileProof.OfInclusionAsync"/> does.</summary>
    /// <exception cref="MissingTileException">A tile is not there.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The leaf is not in the tree.</exception>
    public async ValueTask<IReadOnlyList<TreeHash>> ProveAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<TreeHash>(BitOperations.Log2((ulong)size) + 1);
        TileNodes? nodes = null;
        for (var level = 0; (size - 1) >> level > 0; level++)
        {
            // One tile holds the siblings of as many levels as it spans.
            if (level % Tile.Height == 0) nodes = null;
            var sibling = new TreeNode(level, (index >> level) ^ 1);
            var start = sibling.Index << level;
            if (start >= size) continue;
            if (start + (1L << level) <= size)
                proof.Add((nodes ??= await NodesAsync(Tile.Holding(sibling, size), cancellationToken)).HashOf(sibling));
            else
                proof.Add(await EdgeAsync(level, start, cancellationToken));
        }

        return proof;
    }

    private async ValueTask<TreeHash> HashAsync(TreeNode node, CancellationToken cancellationToken) =>
        (await NodesAsync(Tile.Holding(node, size), cancellationToken)).HashOf(node);

    private Task<TreeHash> EdgeAsync(int level, long start, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_edges[level] is { IsFaulted: false, IsCanceled: false } known) return known;
            return _edges[level] = CombineAsync(start, cancellationToken);
        }
    }

    private async Task<TreeHash> CombineAsync(long start, CancellationToken cancellationToken)
    {
        var nodes = TreeNode.Cover(start, size);
        var hashes = new TreeHash[nodes.Count];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = await HashAsync(nodes[i], cancellationToken);
        return TreeNode.Combine(hashes);
    }

    private Task<TileNodes> NodesAsync(Tile tile, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_tiles.TryGetValue(tile, out var known))
            {
                if (known is { IsFaulted: false, IsCanceled: false }) return known;
            }
            else
            {
                if (_order.Count == MaxTiles) _tiles.Remove(_order.Dequeue());
                _order.Enqueue(tile);
            }

            return _tiles[tile] = ReadAsync(tile, cancellationToken);
        }
    }

    private async Task<TileNodes> ReadAsync(Tile tile, CancellationToken cancellationToken)
    {
        var hashes = await tiles.ReadAsync(tile, cancellationToken);
        var length = tile.Width * TreeHash.Size;
        return hashes.Length >= length ? new TileNodes(hashes.Span[..length]) : throw new MissingTileException(tile);
    }
}
