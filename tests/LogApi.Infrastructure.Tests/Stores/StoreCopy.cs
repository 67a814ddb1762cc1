using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>A copy of all that a log has in the store, to be put back later, as an operator restores a backup.</summary>
internal sealed class StoreCopy
{
    private readonly RedisConnection _connection;
    private readonly List<(RedisKey Key, object Content)> _keys = [];

    private StoreCopy(RedisConnection connection) => _connection = connection;

    /// <summary>Copies what there is.</summary>
    public static async Task<StoreCopy> TakeAsync(RedisConnection connection)
    {
        var (copy, db) = (new StoreCopy(connection), connection.Database);
        foreach (var key in FindKeys(connection))
        {
            object content = await db.KeyTypeAsync(key) switch
            {
                RedisType.String => await db.StringGetAsync(key),
                RedisType.Hash => await db.HashGetAllAsync(key),
                RedisType.List => await db.ListRangeAsync(key),
                RedisType.SortedSet => await db.SortedSetRangeByRankWithScoresAsync(key),
                var other => throw new InvalidOperationException($"{key} is a {other}."),
            };
            copy._keys.Add((key, content));
        }

        return copy;
    }

    /// <summary>Deletes all that there is.</summary>
    public static async Task FlushAsync(RedisConnection connection)
    {
        foreach (var key in FindKeys(connection)) await connection.Database.KeyDeleteAsync(key);
    }

    /// <summary>Puts the copy in the place of what there is.</summary>
    public async Task RestoreAsync()
    {
        await FlushAsync(_connection);
        foreach (var (key, content) in _keys) await RestoreAsync(key, content);
    }

    /// <summary>Puts the copy of one key in the place of what there is; there must be one.</summary>
    public async Task RestoreAsync(RedisKey key)
    {
        var (_, content) = _keys.Single(kept => kept.Key == key);
        await _connection.Database.KeyDeleteAsync(key);
        await RestoreAsync(key, content);
    }

    private Task RestoreAsync(RedisKey key, object content)
    {
        var db = _connection.Database;
        return content switch
        {
            RedisValue text => db.StringSetAsync(key, text),
            HashEntry[] fields => db.HashSetAsync(key, fields),
            RedisValue[] rows => db.ListRightPushAsync(key, rows),
            SortedSetEntry[] members => db.SortedSetAddAsync(key, members),
            _ => throw new InvalidOperationException(),
        };
    }

    private static List<RedisKey> FindKeys(RedisConnection connection)
    {
        var prefix = connection.Keys.Log[..^"{log}:".Length];
        return [.. connection.Servers[0].Keys(pattern: prefix + "*", pageSize: 1_000)];
    }
}
