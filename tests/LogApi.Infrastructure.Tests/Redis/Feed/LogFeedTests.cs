using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Feed;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Feed;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LogFeedTests(StoreKind kind)
{
    [Test]
    public async Task Subscribe_EntriesOfTwoProcesses_ComeOnceInOrderToBoth()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var one = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var atOne = await ObserveAsync(one);
        var atOther = await ObserveAsync(other);
        var entries = Some.Entries(3_000);

        var numbers = await Task.WhenAll(entries.Select((entry, i) => (i % 2 == 0 ? one : other).AppendAsync(entry)));

        await Eventually.BecomesTrueAsync(() => atOne.Entries.Count >= 3_000 && atOther.Entries.Count >= 3_000);
        Assert.That(atOne.Sequences, Is.EqualTo(Enumerable.Range(0, 3_000).Select(i => (long)i)));
        Assert.That(atOther.Sequences, Is.EqualTo(atOne.Sequences));
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.That(atOther.Entries[(int)numbers[i]].Record.ToArray(), Is.EqualTo(EntryRecord.Encode(entries[i])));
        }
    }

    [Test]
    public async Task Subscribe_AnnouncementsAreLost_TheLookUpFindsTheEntries()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var writer = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = await ObserveAsync(reader);
        await reader.Connection.Subscriber.UnsubscribeAllAsync();

        await Task.WhenAll(Some.Entries(10).Select(writer.AppendAsync));

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 10);
    }

    [Test]
    public async Task Subscribe_FirstEntryOfAnEmptyLog_IsNoNewStart()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var observer = await ObserveAsync(process);

        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 1);
        Assert.That(observer.Resets, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Subscribe_LogIsEmptiedBehindItsBack_StartsAnewWithAnotherEpoch()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var observer = await ObserveAsync(process);
        await Task.WhenAll(Some.Entries(3).Select(process.AppendAsync));
        var keys = process.Connection.Keys;
        await process.Connection.Database.KeyDeleteAsync([keys.Head, keys.Ids, keys.Entries(0)]);

        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 2 && observer.Entries.Count == 4);
        Assert.That(observer.Resets[1].Epoch, Is.Not.EqualTo(observer.Resets[0].Epoch));
        Assert.That(observer.Sequences, Is.EqualTo(new long[] { 0, 1, 2, 0 }));
    }

    [Test]
    public async Task Subscribe_StoreLostItsTail_GoesOnFromTheStoresEnd()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = await ObserveAsync(process);
        await Task.WhenAll(Some.Entries(10).Select(process.AppendAsync));
        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 10);
        var keys = process.Connection.Keys;
        await process.Connection.Database.ListTrimAsync(keys.Entries(0), 0, 3);
        await process.Connection.Database.HashSetAsync(keys.Head, "next", 4);

        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 2);
        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 11);
        Assert.That(observer.Sequences[^1], Is.EqualTo(4));
    }

    [Test]
    public async Task Subscribe_Disposed_HearsNoMore()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var kept = await ObserveAsync(process);
        var gone = new RecordingObserver();
        process.Feed.Subscribe(gone).Dispose();

        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => kept.Entries.Count == 1);
        Assert.That(gone.Entries, Is.Empty);
    }

    private static async Task<RecordingObserver> ObserveAsync(LogProcess process)
    {
        var observer = new RecordingObserver();
        process.Feed.Subscribe(observer);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        return observer;
    }
}

[Parallelizable(ParallelScope.All)]
public sealed class LogFeedFaultTests
{
    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [Test]
    public async Task Subscribe_ConnectionIsCutWhileOthersWrite_MissesNothing()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        var options = new StoreOptions { TimeoutMilliseconds = 2_000 };
        await using var direct = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), options);
        await using var proxied = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), options);
        await using var writer = await LogProcess.StartAsync(direct);
        await using var reader = await LogProcess.StartAsync(proxied, feed: new FeedOptions { PollMilliseconds = 200 });
        var observer = new RecordingObserver();
        reader.Feed.Subscribe(observer);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);

        await Task.WhenAll(Some.Entries(100).Select(writer.AppendAsync));
        proxy.GoDown();
        await Task.WhenAll(Some.Entries(1_000).Select(writer.AppendAsync));
        proxy.AcceptConnections();
        await Task.WhenAll(Some.Entries(100).Select(writer.AppendAsync));

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count >= 1_200);
        Assert.That(observer.Sequences, Is.EqualTo(Enumerable.Range(0, 1_200).Select(i => (long)i)));
        Assert.That(observer.Resets, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Subscribe_StoreIsDownAtStart_StartsOnceItIsUp()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await server.KillAsync();
        await using var store = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(server.EndPoint), new StoreOptions { TimeoutMilliseconds = 500 });
        await using var process = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = new RecordingObserver();
        process.Feed.Subscribe(observer);
        Assert.That(observer.Resets, Is.Empty);

        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        await Eventually.BecomesTrueAsync(() => process.Connection.IsConnected);
        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 1);
    }
}
