using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Reads the tiles of the published tree, each time from the store itself.</summary>
internal sealed class StoredTiles(RedisConnection connection) : ITileSource
{
    private static readonly RedisValue[] Fixed = ["origin", "size"];

    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken) =>
        await connection.CallAsync(db => ReadAsync(db, tile), cancellationToken);

    /// <summary>Reads a tile as a part of a call.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(IDatabase db, Tile tile)
    {
        // One command, so that what it says of the tree is of one moment: a tile is in its field until it is under its key.
        var row = await db.HashGetAsync(
            Keys.Tree, [.. Fixed, TreeState.TileField(tile), TreeState.PartialField(tile.Level)]);
        if (!row[2].IsNull) return Cut(row[2], tile);
        var size = row[1].TryParse(out long published) ? published : 0;
        if (Tile.WidthIn(size, tile.Level, tile.Index) is var width && width < tile.Width) return default;
        return Cut(width < Tile.FullWidth ? row[3] : await db.StringGetAsync(Keys.Tile(row[0].ToString(), tile.Level, tile.Index)), tile);
    }

    /// <summary>Gives what a former tree had as the hash of a leaf; null when it had none, or that is gone.</summary>
    public async Task<TreeHash?> FindFormerLeafAsync(IDatabase db, string origin, long index)
    {
        var (tile, place) = Math.DivRem(index, Tile.FullWidth);
        ReadOnlyMemory<byte> hashes = await db.StringGetAsync(Keys.Tile(origin, 0, tile));
        var start = (int)place * TreeHash.Size;
        return start + TreeHash.Size <= hashes.Length ? TreeHash.From(hashes.Span[start..]) : null;
    }

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> hashes, Tile tile) =>
        hashes.Length >= tile.Width * TreeHash.Size ? hashes[..(tile.Width * TreeHash.Size)] : default;
}
