using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Search;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Search;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Search;

/// <summary>Searches over a log whose older part is sealed.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class SealedSearchTests(StoreKind kind)
{
    private const int Count = 1_900;

    [TestCase(LogOrder.NewestFirst)]
    [TestCase(LogOrder.OldestFirst)]
    public async Task ScanAsync_AcrossTheHotAndTheSealedPart_GivesWhatTheEntriesSay(LogOrder order)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(Count);
        await other.Logs.GetHeadAsync(default);
        await new KeeperPart(store, process).SealAsync();
        var times = log.Entries.Select(kept => kept.Entry.Timestamp).ToList();
        LogCriteria[] criteria =
        [
            new(),
            new() { UserId = Some.UserId("ada") },
            new() { UserId = Some.UserId("żółć \"quoted\"") },
            new() { UserId = Some.UserId("nobody") },
            new() { Statuses = [Some.Status("ERROR")] },
            new() { From = times[300], To = times[1_200] },
            new() { From = times[1_500] },
            new() { To = times[20] },
            new() { UserId = Some.UserId("ada"), From = times[500], To = times[520] },
            new() { Text = log.Entries[700].Entry.Query.Value[10..].ToUpperInvariant() },
        ];

        // One reader knows what is sealed, the other one saw the head before.
        foreach (var reader in new[] { process, other })
        {
            foreach (var wanted in criteria)
            {
                foreach (var (first, end) in new (int, int)[] { (0, Count), (100, 1_800), (255, 257), (1_500, 1_600), (600, 600) })
                {
                    var found = await FindAsync(reader, new LogScan(LogFilter.Of(wanted), order, first, end));
                    var expected = Enumerable.Range(first, end - first).Where(i => LogFilter.Of(wanted).Matches(log.Entries[i].Record));
                    Assert.That(found.Select(record => record.Sequence), Is.EqualTo(order == LogOrder.OldestFirst ? expected : expected.Reverse()));
                    Assert.That(found.All(record => record.Record.Span.SequenceEqual(log.Entries[(int)record.Sequence].Record)));
                }
            }
        }
    }

    [TestCase(LogOrder.NewestFirst)]
    [TestCase(LogOrder.OldestFirst)]
    public async Task ScanAsync_WithSides_GivesWhatIsKeptWithEachId(LogOrder order)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var entries = Some.Entries(Count);
        foreach (var part in entries.Chunk(500)) await process.AppendAllAsync(part);
        await new KeeperPart(store, process).SealAsync();

        var found = await FindAsync(process, new LogScan(LogFilter.None, order, 100, Count) { WithSides = true });
        var without = await FindAsync(process, new LogScan(LogFilter.None, order, 100, Count));

        Assert.That(found, Has.Count.EqualTo(Count - 100));
        foreach (var record in found)
        {
            Assert.That(EntrySide.TryDecode(record.Side, out var side), Is.True, $"{record.Sequence}");
            Assert.That(side.Tag.ToArray(), Is.EqualTo(Some.Tag(entries[(int)record.Sequence])));
        }

        Assert.That(without, Has.All.Matches<StoredRecord>(record => record.Side.IsEmpty));
        Assert.That(found.Select(record => record.Sequence), Is.EqualTo(without.Select(record => record.Sequence)));
    }

    [Test]
    public async Task ScanAsync_UserOrTime_LeavesOutBundlesThatCannotHaveThem()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry("once"));
        await process.AppendAllAsync([.. Enumerable.Range(0, 511).Select(i => Some.Entry("often", time: Some.Time.AddSeconds(i)))]);
        for (var part = 1; part < 6; part++)
            await process.AppendAllAsync([.. Enumerable.Range(0, 512).Select(i => Some.Entry("often", time: Some.Time.AddHours(part)))]);
        await new KeeperPart(store, process).SealAsync();
        var end = (await process.Logs.GetHeadAsync(default)).Next;
        var all = new LogScan(LogFilter.None, LogOrder.NewestFirst, 0, end);
        var from = LogTimestamp.From(Some.Time.AddHours(3));

        var ofUser = await LookedAtAsync(process, all with { Filter = LogFilter.Of(new LogCriteria { UserId = Some.UserId("once") }) });
        var ofTime = await LookedAtAsync(
            process, all with { Filter = LogFilter.Of(new LogCriteria { From = from, To = LogTimestamp.From(Some.Time.AddHours(3.5)) }) });
        var everything = await LookedAtAsync(process, all);

        Assert.That(everything, Is.EqualTo(3_072));
        Assert.That(ofUser, Is.EqualTo(256), "its bundle");
        Assert.That(ofTime, Is.EqualTo(3 * 256), "its two bundles and the hot one");
    }

    [Test]
    public async Task ScanAsync_WhileBundlesAreSealed_GivesEachEntryOnce()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(Count);
        var head = await reader.Logs.GetHeadAsync(default);
        var filter = LogFilter.Of(new LogCriteria { UserId = Some.UserId("ada") });
        var sealing = new KeeperPart(store, process).SealAsync();
        while (true)
        {
            var isLast = sealing.IsCompleted;
            foreach (var order in Enum.GetValues<LogOrder>())
            {
                Assert.That(await FindAsync(reader, new LogScan(LogFilter.None, order, 0, head.Next)), Has.Count.EqualTo(Count));
                var found = await FindAsync(reader, new LogScan(filter, order, 0, head.Next));
                Assert.That(found, Has.Count.EqualTo(log.Entries.Count(kept => kept.Entry.UserId.Value == "ada")));
            }

            if (isLast) break;
            await reader.Logs.GetHeadAsync(default);
        }

        await sealing;
    }

    [Test]
    public async Task ScanAsync_BundlesWereDroppedSinceItBegan_GivesNothingInTheirPlace()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(Count);
        var keeper = new KeeperPart(
            store, process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 1_000 });
        await keeper.SealAsync();
        await using var reader = await LogProcess.StartAsync(store);
        var before = await reader.Logs.GetHeadAsync(default);
        await keeper.DropAsync();
        var after = await process.Logs.GetHeadAsync(default);

        var found = await FindAsync(reader, new LogScan(LogFilter.None, LogOrder.OldestFirst, before.First, before.Next));

        Assert.That((before.First, after.First), Is.EqualTo((0L, 768L)));
        Assert.That(found.Select(record => record.Sequence), Is.EqualTo(Enumerable.Range(768, Count - 768).Select(i => (long)i)));
        Assert.That(found.All(record => !record.Record.IsEmpty));
    }

    [TestCase(LogOrder.NewestFirst)]
    [TestCase(LogOrder.OldestFirst)]
    public async Task ScanAsync_BundlesWereDestroyed_GivesTheirRecordsEmptyWhateverIsLookedFor(LogOrder order)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(Count);
        await new KeeperPart(store, process).SealAsync();
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        await db.StringSetAsync(keys.Sealed(1), "no bundle");
        await db.KeyDeleteAsync([keys.Sealed(3), keys.Entries(Count / 256)]);
        var gone = Enumerable.Range(0, Count).Where(i => i / 256 is 1 or 3 or Count / 256).Select(i => (long)i).ToList();
        LogCriteria[] criteria =
        [
            new(),
            new() { UserId = Some.UserId("ada") },
            new() { Statuses = [Some.Status("ERROR")] },
            new() { Text = "nobody has run this" },
            new() { Attributes = [KeyValuePair.Create("nobody", "has this")] },
        ];

        foreach (var wanted in criteria)
        {
            var found = await FindAsync(process, new LogScan(LogFilter.Of(wanted), order, 0, Count));
            var numbers = found.Where(record => record.Record.IsEmpty).Select(record => record.Sequence);
            Assert.That(numbers, Is.EqualTo(order == LogOrder.OldestFirst ? gone : Enumerable.Reverse(gone)));
        }

        // What is known not to have it is passed over, gone or not.
        var ofNobody = new LogScan(LogFilter.Of(new LogCriteria { UserId = Some.UserId("nobody") }), order, 0, Count);
        Assert.That(await FindAsync(process, ofNobody), Is.Empty);
    }

    private static LogSearch Search(LogProcess process) => new(
        process.Sealed.Heads,
        process.Sealed.Bundles,
        process.Sealed.Leaves,
        new ScanPlan(process.Connection, process.Sealed.Users, process.Sealed.Times),
        new ScanOptions());

    private static async Task<List<StoredRecord>> FindAsync(LogProcess process, LogScan scan)
    {
        using var search = Search(process);
        var found = new List<StoredRecord>();
        await foreach (var step in search.ScanAsync(scan, default)) found.AddRange(step.Records);
        return found;
    }

    private static async Task<int> LookedAtAsync(LogProcess process, LogScan scan)
    {
        using var search = Search(process);
        var entries = 0;
        await foreach (var step in search.ScanAsync(scan, default)) entries += step.Entries;
        return entries;
    }
}
