using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// <c>{log}:tree</c>: the published tree, its right edge, and the full tiles that are new; <c>tile:T:L:N</c>: the full tiles that were
/// there before. A tile is published first, by the one script that may grow the tree, and then copied from there to its own key: so
/// nothing that was not published can ever be under such a key, whoever writes it and whenever.
/// </summary>
internal sealed class TreeStore(RedisConnection connection, TreeScripts scripts)
{
    private RedisKeys Keys => connection.Keys;

    private RedisValue Channel => (string)Keys.Published!;

    /// <summary>Reads the tree, without its full tiles.</summary>
    public async Task<TreeState> ReadAsync(IDatabase db) => TreeState.Read(await db.HashGetAsync(Keys.Tree, TreeState.Fields));

    /// <summary>Says how many entries of a log are in the published tree.</summary>
    public async Task<long> FindPublishedAsync(IDatabase db, string epoch)
    {
        var row = await db.HashGetAsync(Keys.Tree, ["epoch", "size"]);
        return row[0] == epoch && row[1].TryParse(out long size) ? size : 0;
    }

    /// <summary>Reads which full tiles have no keys of their own yet.</summary>
    public async Task<IReadOnlyList<Tile>> ReadUnmovedAsync(IDatabase db) =>
        [.. (await db.HashKeysAsync(Keys.Tree)).Select(TreeState.ParseTileField).OfType<Tile>()];

    /// <summary>Copies published full tiles to keys of their own.</summary>
    public async Task MoveAsync(IDatabase db, string origin, IReadOnlyList<Tile> tiles)
    {
        if (tiles.Count == 0) return;
        var hashes = await db.HashGetAsync(Keys.Tree, [.. tiles.Select(TreeState.TileField)]);
        var writes = tiles.Zip(hashes)
            .Where(row => !row.Second.IsNull)
            .Select(row => db.StringSetAsync(Keys.Tile(origin, row.First.Level, row.First.Index), row.Second));
        await Task.WhenAll(writes.ToList());
    }

    /// <summary>Publishes a tree, unless the store does not hold the one any more that it has grown from.</summary>
    /// <param name="db">The store.</param>
    /// <param name="former">What it has grown from.</param>
    /// <param name="next">The tree.</param>
    /// <param name="full">The tiles that are full with it, and their hashes.</param>
    /// <param name="moved">The full tiles that have keys of their own by now.</param>
    /// <returns>Whether it is published.</returns>
    public async Task<bool> PublishAsync(
        IDatabase db, TreeState former, TreeState next, IReadOnlyList<(Tile Tile, byte[] Hashes)> full, IReadOnlyList<Tile> moved)
    {
        RedisValue[] arguments =
        [
            Channel, .. former.Identity, next.Epoch, next.Size, moved.Count, .. moved.Select(TreeState.TileField), .. next.Write(),
            .. full.SelectMany(row => new[] { TreeState.TileField(row.Tile), (RedisValue)row.Hashes }),
        ];
        return (int)await db.ScriptEvaluateAsync(scripts.Publish, [Keys.Tree, Keys.Head], arguments) == 1;
    }

    /// <summary>Notes for all processes that nothing may be signed, unless the store holds another tree than the one that was judged.</summary>
    public Task RefuseAsync(IDatabase db, TreeState judged, string reason) =>
        db.ScriptEvaluateAsync(scripts.Refuse, [Keys.Tree], [Channel, .. judged.Identity, reason]);

    /// <summary>Puts an empty tree in the place of another one, whose full tiles have keys of their own.</summary>
    /// <returns>False when the store does not hold that any more.</returns>
    public async Task<bool> RestartAsync(IDatabase db, TreeState former, TreeState empty, IReadOnlyList<Tile> moved)
    {
        RedisValue[] arguments =
            [Channel, .. former.Identity, moved.Count, .. moved.Select(TreeState.TileField), .. empty.Write()];
        return (int)await db.ScriptEvaluateAsync(scripts.Restart, [Keys.Tree], arguments) == 1;
    }
}
