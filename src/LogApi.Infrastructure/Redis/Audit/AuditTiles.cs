using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Tree;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>The tiles of the tree that an audit covers, each time from the store itself.</summary>
internal sealed class AuditTiles(AuditReads reads, AuditTarget target) : ITileSource
{
    private const int FullLength = Tile.FullWidth * TreeHash.Size;

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken) =>
        await reads.ReadAsync(db => ReadAsync(db, reads.Keys, target, tile), cancellationToken);

    /// <summary>Reads a tile as a part of a call; empty when it is gone, or shorter than it should be.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(IDatabase db, RedisKeys keys, AuditTarget target, Tile tile)
    {
        // What is published is under its own key, or in the tree until it is copied there, or at the tree's edge until it is full.
        var own = tile.Level == 0 && (tile.Index + 1) * Tile.FullWidth > target.Size
            ? RedisValue.Null
            : await db.StringGetAsync(keys.Tile(target.Origin, tile.Level, tile.Index));
        if (!own.IsNull && own.Length() != FullLength) return default;
        if (own.IsNull)
        {
            var row = await db.HashGetAsync(keys.Tree, [TreeState.TileField(tile), TreeState.PartialField(tile.Level), "size"]);
            own = row[0];
            if (own.IsNull && row[2].TryParse(out long size) && Tile.WidthIn(size, tile.Level, tile.Index) < Tile.FullWidth) own = row[1];
            if (own.IsNull) own = await db.StringGetAsync(keys.Tile(target.Origin, tile.Level, tile.Index));
        }

        ReadOnlyMemory<byte> hashes = own;
        return hashes.Length >= tile.Width * TreeHash.Size ? hashes[..(tile.Width * TreeHash.Size)] : default;
    }
}
