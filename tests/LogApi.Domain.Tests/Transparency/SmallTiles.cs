using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

/// <summary>The tiles of a <see cref="SmallTree"/>, each made when it is read.</summary>
internal sealed class SmallTiles(SmallTree tree, int size, Tile? without = null) : ITileSource
{
    private int _reads;

    public int Reads => _reads;

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        if (tile == without) return default;
        var width = 1L << (Tile.Height * tile.Level);
        var bytes = new byte[Tile.WidthIn(size, tile.Level, tile.Index) * TreeHash.Size];
        for (var i = 0; i < bytes.Length / TreeHash.Size; i++)
        {
            var start = ((tile.Index * Tile.FullWidth) + i) * width;
            tree.Hash(new LeafRange(start, start + width)).CopyTo(bytes.AsSpan(i * TreeHash.Size));
        }

        return ValueTask.FromResult<ReadOnlyMemory<byte>>(bytes);
    }
}
