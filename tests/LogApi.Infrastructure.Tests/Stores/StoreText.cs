using System.Text;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>Looks for a text in everything that a store has: names and values of every key, and what its bundles inflate to.</summary>
internal static class StoreText
{
    /// <summary>Gives the keys that have the text, in UTF-8 or in base64.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(StoreFixture store, LogProcess process, string text)
    {
        var db = process.Connection.Database;
        var found = new List<string>();
        byte[][] wanted = [Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))];
        await foreach (var key in process.Connection.Servers[0].KeysAsync(pattern: store.Options.KeyPrefix + "*", pageSize: 1_000))
        {
            byte[] name = key!;
            var values = (await ReadAsync(db, key)).Append(name);
            if (values.Any(value => wanted.Any(each => value.AsSpan().IndexOf(each) >= 0))) found.Add(key.ToString());
        }

        var head = await process.Logs.GetHeadAsync(default);
        for (var bundle = 0; bundle <= head.Next / 256; bundle++)
        {
            if (await process.Sealed.Store.FindAsync(db, bundle) is not { } content) continue;
            for (var place = 0; place < content.Count; place++)
            {
                if (content.RecordAt(place).Span.IndexOf(wanted[0]) >= 0) found.Add($"bundle {bundle}, place {place}");
            }
        }

        return found;
    }

    private static async Task<IEnumerable<byte[]>> ReadAsync(IDatabase db, RedisKey key)
    {
        IEnumerable<RedisValue> values = await db.KeyTypeAsync(key) switch
        {
            RedisType.String => [await db.StringGetAsync(key)],
            RedisType.List => await db.ListRangeAsync(key),
            RedisType.Set => await db.SetMembersAsync(key),
            RedisType.SortedSet => await db.SortedSetRangeByRankAsync(key),
            RedisType.Hash => (await db.HashGetAllAsync(key)).SelectMany(field => new[] { field.Name, field.Value }),
            var type => throw new InvalidOperationException($"{key} is a {type}."),
        };
        return values.Select(value => (byte[])value!);
    }
}
