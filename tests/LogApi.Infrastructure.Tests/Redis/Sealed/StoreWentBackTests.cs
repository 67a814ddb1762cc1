using LogApi.Application.Ports;
using LogApi.Domain.Search;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Search;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

/// <summary>A store that loses its newest entries, in one log, while processes keep what they have read of them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StoreWentBackTests
{
    private const int Base = 300;
    private const int More = 600;

    [TestCaseSource(typeof(StoreKinds), nameof(StoreKinds.All))]
    public async Task ScanAsync_HeadIsBehindTheOneSeen_GivesNothingThatIsLost(StoreKind kind)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(Base);
        await LoseAsync(store, process, process);
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        await db.KeyDeleteAsync([keys.Sealed(0), keys.Sealed(1), keys.Entries(2), keys.Entries(3)]);
        foreach (var bundle in log.Entries.Index().GroupBy(kept => kept.Index / 256))
            await db.ListRightPushAsync(keys.Entries(bundle.Key), [.. bundle.Select(kept => (RedisValue)kept.Item.Record)]);
        await db.HashSetAsync(keys.Head, [new HashEntry("next", Base), new HashEntry("sealed", 0)]);

        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(Base));
        await log.AppendAsync(More);
        await new KeeperPart(store, process).SealAsync();

        await AssertFoundAsync(process, log);
    }

    [Test]
    public async Task ScanAsync_CrashWentBackAndTheLogGrewPastTheHeadSeen_GivesNothingThatIsLost()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        await using var server = await RedisServerProcess.StartAsync("--appendonly", "no");
        await using var store = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(server.EndPoint), new StoreOptions { TimeoutMilliseconds = 20_000 });
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(Base);
        await process.Connection.Database.ExecuteAsync("SAVE");
        await LoseAsync(store, process, reader);
        await server.KillAsync();
        await Eventually.BecomesTrueAsync(() => !process.Connection.IsConnected && !reader.Connection.IsConnected);
        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => process.Connection.IsConnected && reader.Connection.IsConnected);

        await log.AppendAsync(More);
        await new KeeperPart(store, process).SealAsync();

        await AssertFoundAsync(reader, log);
    }

    // They are sealed and read before they are lost.
    private static async Task LoseAsync(StoreFixture store, LogProcess process, LogProcess reader)
    {
        foreach (var part in Some.Entries(More).Chunk(NewEntry.MaxPerCall)) await process.AppendAllAsync(part);
        await new KeeperPart(store, process).SealAsync();
        Assert.That(await FindAsync(reader), Has.Count.EqualTo(Base + More));
        Assert.That(reader.Sealed.Heads.Last.Sealed, Is.EqualTo(512));
        Assert.That(reader.Sealed.Cache.Bytes, Is.Positive, "the reader keeps what it has read");
    }

    private static async Task AssertFoundAsync(LogProcess reader, KeptLog log)
    {
        var found = await FindAsync(reader);
        Assert.That(found, Has.Count.EqualTo(Base + More));
        for (var i = 0; i < found.Count; i++)
            Assert.That(found[i].Record.Span.SequenceEqual(log.Entries[i].Record), $"record {i}");
    }

    private static async Task<List<StoredRecord>> FindAsync(LogProcess reader)
    {
        using var search = new LogSearch(
            reader.Sealed.Heads,
            reader.Sealed.Bundles,
            reader.Sealed.Leaves,
            new ScanPlan(reader.Connection, reader.Sealed.Users, reader.Sealed.Times),
            new ScanOptions());
        var head = await reader.Logs.GetHeadAsync(default);
        var found = new List<StoredRecord>();
        await foreach (var step in search.ScanAsync(new LogScan(LogFilter.None, LogOrder.OldestFirst, 0, head.Next), default))
            found.AddRange(step.Records);
        return found;
    }
}
