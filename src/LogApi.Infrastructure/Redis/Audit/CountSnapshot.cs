using System.Globalization;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>What is counted of the log, all of one moment.</summary>
/// <param name="Head">The head.</param>
/// <param name="Ids">How many ids the hot part has.</param>
/// <param name="UserCount">How many users there are.</param>
/// <param name="Users">How many entries each has; null when they are too many to be read at once.</param>
internal sealed record CountSnapshot(AuditHead Head, long Ids, long UserCount, IReadOnlyDictionary<string, long>? Users)
{
    private const int MostUsers = 20_000;

    private static readonly string Script = LuaResource.Read("audit-counts.lua");

    public static async Task<CountSnapshot> ReadAsync(IDatabase db, RedisKeys keys)
    {
        var reply = (RedisResult[])(await db.ScriptEvaluateAsync(Script, [keys.Head, keys.Users, keys.Ids], [MostUsers]))!;
        var head = (RedisValue[])reply[0]!;
        var rows = (RedisValue[])reply[3]!;
        var users = (long)reply[2];
        return new CountSnapshot(
            AuditHead.Read([.. Enumerable.Range(0, head.Length / 2).Select(i => new HashEntry(head[2 * i], head[(2 * i) + 1]))]),
            (long)reply[1],
            users,
            users > MostUsers ? null : Enumerable.Range(0, rows.Length / 2).ToDictionary(
                i => rows[2 * i].ToString(), i => (long)double.Parse(rows[(2 * i) + 1].ToString(), CultureInfo.InvariantCulture), StringComparer.Ordinal));
    }
}
