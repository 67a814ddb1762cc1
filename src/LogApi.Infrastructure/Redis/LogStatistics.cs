using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis;

/// <summary>
/// What <c>append.lua</c> counts, which says how: fields of <c>{log}:head</c>, of which there are at most some 1,100, and
/// <c>{log}:users</c>. Both are read at once, but an append may come between.
/// </summary>
internal sealed class LogStatistics(RedisConnection connection) : ILogStatistics
{
    private const string StatusField = "s:";
    private const char MinuteField = 'm';

    public async Task<LogCounts> ReadAsync(int users, CancellationToken cancellationToken)
    {
        var memory = ReadMemoryAsync();
        var counts = await connection.CallAsync(
            async db =>
            {
                var head = db.HashGetAllAsync(connection.Keys.Head);
                var busiest = db.SortedSetRangeByRankWithScoresAsync(connection.Keys.Users, 0, users - 1, Order.Descending);
                var count = db.SortedSetLengthAsync(connection.Keys.Users);
                await Task.WhenAll(head, busiest, count);
                return Read(await head, await busiest, await count);
            },
            cancellationToken);
        return counts with { StoreMemory = await memory.WaitAsync(cancellationToken) };
    }

    private static LogCounts Read(HashEntry[] head, SortedSetEntry[] busiest, long users)
    {
        long kept = 0, written = 0, bytes = 0;
        var statuses = new Dictionary<string, long>(StringComparer.Ordinal);
        var minutes = new Dictionary<DateTime, IReadOnlyDictionary<string, long>>();
        foreach (var (name, value) in head.Select(field => ((string)field.Name!, (string?)field.Value ?? "")))
        {
            switch (name)
            {
                case "next":
                    written = Number(value);
                    break;
                case "entries":
                    kept = Number(value);
                    break;
                case "bytes":
                    bytes = Number(value);
                    break;
                case var _ when name.StartsWith(StatusField, StringComparison.Ordinal) && Number(value) is > 0 and var count:
                    statuses[name[StatusField.Length..]] = count;
                    break;
                case [MinuteField, .. var place] when int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                    AddMinute(minutes, value);
                    break;
            }
        }

        return new LogCounts
        {
            Written = written,
            Kept = kept,
            Bytes = bytes,
            Users = users,
            ByStatus = statuses,
            ByMinute = minutes,
            BusiestUsers = [.. busiest.Select(user => new UserCount((string)user.Element!, (long)user.Score))],
            StoreMemory = null,
        };
    }

    // '<minute> <status>=<count> …'
    private static void AddMinute(Dictionary<DateTime, IReadOnlyDictionary<string, long>> minutes, string row)
    {
        var parts = row.Split(' ');
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in parts.Skip(1))
        {
            if (part.Split('=') is [var status, var count]) counts[status] = Number(count);
        }

        minutes[DateTime.UnixEpoch.AddMinutes(Number(parts[0]))] = counts;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Asks each primary; the embedded store, and a store that denies the question, say nothing.</summary>
    private async Task<long?> ReadMemoryAsync()
    {
        try
        {
            var primaries = connection.Servers.Where(server => server is { IsConnected: true, IsReplica: false });
            var infos = await Task.WhenAll(primaries.Select(server => server.InfoAsync("memory")));
            var used = infos.Select(info => info.SelectMany(section => section).FirstOrDefault(field => field.Key == "used_memory").Value);
            var known = used.Select(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : (long?)null);
            return known.Any() ? known.Aggregate((long?)0, (sum, bytes) => sum + bytes) : null;
        }
        catch (Exception fault) when (fault is RedisServerException || StoreFaults.Classify(fault) is not null)
        {
            // The numbers of the log itself are worth an answer; whether they can be had shows where they are read.
            return null;
        }
    }
}
