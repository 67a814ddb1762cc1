using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>Counts a log by reading all of it.</summary>
internal static class Recount
{
    /// <summary>Holds what the store has counted, and its indexes, against the records themselves.</summary>
    public static async Task AssertMatchesAsync(LogProcess process)
    {
        var head = await process.Logs.GetHeadAsync(default);
        var records = (await process.Logs.ReadRangeAsync(0, (int)head.Next, default)).Records;
        var entries = records.Select(record => Decode(record.Record)).ToList();
        var byUser = entries.CountBy(entry => entry.UserId.Value).ToDictionary(StringComparer.Ordinal);

        var counts = await new LogStatistics(process.Connection).ReadAsync(users: 1_000, default);

        Assert.Multiple(() =>
        {
            Assert.That(counts.Written, Is.EqualTo(head.Next));
            Assert.That(counts.Kept, Is.EqualTo(entries.Count));
            Assert.That(counts.Bytes, Is.EqualTo(records.Sum(record => (long)record.Record.Length)));
            Assert.That(counts.ByStatus, Is.EquivalentTo(Longs(entries.CountBy(entry => entry.Status.Value))));
            Assert.That(counts.Users, Is.EqualTo(byUser.Count));
            Assert.That(
                counts.BusiestUsers.Select(user => KeyValuePair.Create(user.UserId, (int)user.Entries)), Is.EquivalentTo(byUser));
            Assert.That(counts.BusiestUsers.Select(user => user.Entries), Is.Ordered.Descending);
            foreach (var minute in entries.GroupBy(Minute))
                Assert.That(counts.ByMinute[minute.Key], Is.EquivalentTo(Longs(minute.CountBy(entry => entry.Status.Value))), $"{minute.Key}");
        });
        await AssertIndexesAsync(process, entries);
    }

    private static async Task AssertIndexesAsync(LogProcess process, List<LogEntry> entries)
    {
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        Assert.That(await db.HashLengthAsync(keys.Ids), Is.EqualTo(entries.Count), "one row for each id");
        for (var i = 0; i < entries.Count; i++)
        {
            var row = (string?)await db.HashGetAsync(keys.Ids, entries[i].Id.Value.ToByteArray(bigEndian: true));
            Assert.That(row, Does.StartWith($"{i}:"));
        }

        foreach (var user in entries.Select((entry, i) => (entry.UserId, Sequence: (long)i)).GroupBy(entry => entry.UserId))
        {
            var page = await process.Logs.FindNewestAsync(user.Key, 1_000, 0, default);
            Assert.That(page.Sequences.Reverse(), Is.EqualTo(user.Select(entry => entry.Sequence)), user.Key.Value);
        }
    }

    private static DateTime Minute(LogEntry entry) => entry.Timestamp.Utc.AddTicks(-(entry.Timestamp.Utc.Ticks % TimeSpan.TicksPerMinute));

    private static Dictionary<string, long> Longs(IEnumerable<KeyValuePair<string, int>> counts) =>
        counts.ToDictionary(count => count.Key, count => (long)count.Value, StringComparer.Ordinal);

    private static LogEntry Decode(ReadOnlyMemory<byte> record) =>
        EntryRecord.TryDecode(record.Span, out var entry, out var problem) ? entry : throw new AssertionException(problem);
}
