using LogApi.Application.Ports;
using LogApi.Application.Common.Errors;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Feed;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Moq;
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
    public async Task OnEntries_KnownEntriesAreSentAgain_SeesEachOnceAndNoReset()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var observer = await ObserveAsync(process);
        var entries = Some.Entries(20);
        await process.AppendAllAsync(entries);
        await process.AppendAllAsync(Some.Entries(5));
        await Eventually.BecomesTrueAsync(() => observer.Sequences.Count == 25);
        var resets = observer.Resets.Count;

        await process.AppendAllAsync(entries);
        await process.AppendAllAsync([entries[3], .. Some.Entries(2), entries[4]]);
        await Eventually.BecomesTrueAsync(() => observer.Sequences.Count >= 27);

        Assert.That(observer.Sequences, Is.EqualTo(Enumerable.Range(0, 27).Select(i => (long)i)));
        Assert.That(observer.Resets, Has.Count.EqualTo(resets));
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

        var (before, after) = (observer.Resets[0], await process.Logs.GetHeadAsync(default));
        Assert.That(after.Epoch, Is.EqualTo(before.Epoch), "it is the same log");
        Assert.That(after.ValidUpTo(before.Numbering), Is.EqualTo(4), "for who was away");
        Assert.That(observer.Resets[1].Numbering, Is.EqualTo(after.Numbering).And.Not.EqualTo(before.Numbering));
    }

    [Test]
    public async Task Subscribe_StoreWentBackAndGrewPastThePositionOfAnotherProcess_TellsThatOneToo()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var writer = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 60_000 });
        await using var other = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var (own, observer) = (await ObserveAsync(writer), await ObserveAsync(other));
        await Task.WhenAll(Some.Entries(10).Select(writer.AppendAsync));
        await Eventually.BecomesTrueAsync(() => own.Entries.Count == 10 && observer.Entries.Count == 10);
        var keys = writer.Connection.Keys;

        // In one step, so that the other one never sees the log shorter than before.
        var batch = writer.Connection.Database.CreateTransaction();
        _ = batch.ListTrimAsync(keys.Entries(0), 0, 3);
        _ = batch.HashSetAsync(keys.Head, "next", 4);
        await batch.ExecuteAsync();
        await Task.WhenAll(Some.Entries(20).Select(writer.AppendAsync));

        await Eventually.BecomesTrueAsync(() => observer.Sequences.Count > 0 && observer.Sequences[^1] == 23 && observer.Resets.Count > 1);
        Assert.That(observer.Resets[^1].Next, Is.EqualTo(4));
        Assert.That(observer.Sequences.TakeLast(20), Is.EqualTo(Enumerable.Range(4, 20).Select(i => (long)i)));
        Assert.That((await other.Logs.GetHeadAsync(default)).ValidUpTo(own.Resets[0].Numbering), Is.EqualTo(4));
    }

    [Test]
    public async Task Subscribe_StoreWentBackAndGrewPastThePosition_DeliversTheNewEntries()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 60_000 });
        var observer = await ObserveAsync(process);
        await Task.WhenAll(Some.Entries(10).Select(process.AppendAsync));
        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 10);
        var keys = process.Connection.Keys;
        await process.Connection.Database.ListTrimAsync(keys.Entries(0), 0, 3);
        await process.Connection.Database.HashSetAsync(keys.Head, "next", 4);

        await Task.WhenAll(Some.Entries(20).Select(process.AppendAsync));

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 30);
        Assert.That(observer.Resets[^1].Next, Is.EqualTo(4));
        Assert.That(observer.Sequences.Skip(10), Is.EqualTo(Enumerable.Range(4, 20).Select(i => (long)i)));
    }

    [Test]
    public async Task Subscribe_StoreWentBackAndAwayBeforeTheLookUp_IsFoundOutWhenItReturns()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.Feed.StopAsync(default);
        var isAway = false;
        var logs = new Mock<ILogRepository>();
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).Returns(
            () => isAway ? throw new StoreUnavailableException(StoreFailure.Unreachable) : process.Logs.GetHeadAsync(default));
        logs.Setup(log => log.ReadRangeAsync(It.IsAny<long>(), It.IsAny<int>(), It.IsAny<CancellationToken>())).Returns(
            (long from, int count, CancellationToken token) => process.Logs.ReadRangeAsync(from, count, token));
        var failures = new FailureCount<LogFeed>();
        using var feed = new LogFeed(
            process.Connection, process.Writer, logs.Object, new WriterName(), new FeedOptions { PollMilliseconds = 60_000 }, TimeProvider.System, failures);
        var observer = new RecordingObserver();
        feed.Subscribe(observer);
        await feed.StartAsync(default);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        await Task.WhenAll(Some.Entries(10).Select(process.AppendAsync));
        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 10);
        var keys = process.Connection.Keys;
        await process.Connection.Database.ListTrimAsync(keys.Entries(0), 0, 3);
        await process.Connection.Database.HashSetAsync(keys.Head, "next", 4);

        // By the store's return the log has grown past what was seen of it.
        isAway = true;
        for (var i = 0; i < 20; i++) await process.AppendAsync(Some.Entry());
        await Eventually.BecomesTrueAsync(() => failures.Value > 0);
        isAway = false;
        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 2 && observer.Sequences[^1] == 24);
        Assert.That(observer.Resets[1].Next, Is.EqualTo(4));
        Assert.That(observer.Sequences.TakeLast(21), Is.EqualTo(Enumerable.Range(4, 21).Select(i => (long)i)));
        await feed.StopAsync(default);
    }

    [Test]
    public async Task Subscribe_LogStartedAnewBeforeItWasRead_IsSaidBeforeItsEntries()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var head = new LogHead("first", 3);
        var logs = new Mock<ILogRepository>();
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(() => head);
        logs.Setup(log => log.ReadRangeAsync(It.IsAny<long>(), It.IsAny<int>(), It.IsAny<CancellationToken>())).ReturnsAsync((long from, int count, CancellationToken _) =>
        {
            // Between the look-up of the end and the read the log is emptied and grows beyond it.
            head = new LogHead("second", 20);
            return new LogRange(head, [.. Enumerable.Range((int)from, Math.Min(count, 20 - (int)from)).Select(i => new StoredRecord(i, new byte[] { 1 }))]);
        });
        using var feed = new LogFeed(
            process.Connection, process.Writer, logs.Object, new WriterName(), new FeedOptions { PollMilliseconds = 100 }, TimeProvider.System, new FailureCount<LogFeed>());
        var observer = new RecordingObserver();
        feed.Subscribe(observer);
        await feed.StartAsync(default);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        head = head with { Next = 10 };

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 20);
        Assert.That(observer.Resets[1], Is.EqualTo(new LogHead("second", 0)));
        Assert.That(observer.Sequences, Is.EqualTo(Enumerable.Range(0, 20).Select(i => (long)i)));
        await feed.StopAsync(default);
    }

    [Test]
    public async Task Subscribe_AnnouncementOfAnotherNumbering_IsNotBelieved()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var observer = await ObserveAsync(process);
        await process.AppendAsync(Some.Entry());

        await store.Connection.Subscriber.PublishAsync(store.Connection.Keys.Appended, "0123456789abcdef 7 other");
        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 2);
        Assert.That(observer.Resets, Has.Count.EqualTo(1));
        Assert.That(observer.Sequences, Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public async Task Subscribe_HeadIsOfAWrongKindForAWhile_GoesOnAfterwards()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = await ObserveAsync(process);
        var database = process.Connection.Database;
        var (head, aside) = (process.Connection.Keys.Head, (RedisKey)(store.Options.KeyPrefix + "{log}:aside"));
        await process.AppendAsync(Some.Entry());

        // At once: without a head for a moment, the log would get another name in that moment.
        var swap = database.CreateTransaction();
        var moved = swap.KeyRenameAsync(head, aside);
        var put = swap.StringSetAsync(head, "x");
        Assert.That(await swap.ExecuteAsync(), Is.True);
        Assert.That(await moved && await put, Is.True);

        for (var poll = 0; poll < 4; poll++) await store.Connection.Subscriber.PublishAsync(store.Connection.Keys.Appended, "?");
        await Eventually.BecomesTrueAsync(() => process.FeedFailures > 2);
        await database.KeyRenameAsync(aside, head);
        await process.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 2);
        Assert.That(process.Feed.ExecuteTask!.IsCompleted, Is.False);
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

    [Test]
    public async Task Subscribe_StoreIsDownForSeveralPolls_HearsOfOthersEntriesOnceItIsUp()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await server.KillAsync();
        await using var store = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(server.EndPoint), new StoreOptions { TimeoutMilliseconds = 500 });
        await using var reader = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = new RecordingObserver();
        reader.Feed.Subscribe(observer);
        await Eventually.BecomesTrueAsync(() => reader.FeedFailures > 3);

        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        await using var writer = await LogProcess.StartAsync(store);
        await Task.WhenAll(Some.Entries(20).Select(writer.AppendAsync));

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 20);
        Assert.That(observer.Sequences, Is.EqualTo(Enumerable.Range(0, 20).Select(i => (long)i)));
    }

    [Test]
    public async Task Subscribe_UserWithoutChannels_StillGetsEveryEntry()
    {
        await using var server = await RedisServerProcess.StartAsync(
            "--user", "app", "on", ">secret", "~*", "resetchannels", "+@all", "--user", "default", "off");
        await using var store = await StoreFixture.StartAsync(
            RedisUrl.Parse($"redis://app:secret@{server.EndPoint}"), new StoreOptions { TimeoutMilliseconds = 500 });
        await using var writer = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = new RecordingObserver();
        reader.Feed.Subscribe(observer);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);

        await writer.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 1);
        Assert.That(reader.Feed.ExecuteTask!.IsCompleted, Is.False);
    }

    [Test]
    public async Task Subscribe_BacklogTooLargeForOneRead_IsReadInParts()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var direct = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), new StoreOptions());
        await using var proxied = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(proxy.EndPoint), new StoreOptions { TimeoutMilliseconds = 500 });
        await using var writer = await LogProcess.StartAsync(direct);
        await using var reader = await LogProcess.StartAsync(proxied, feed: new FeedOptions { PollMilliseconds = 100 });
        var observer = new RecordingObserver();
        reader.Feed.Subscribe(observer);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        proxy.GoDown();
        var query = new string('x', 60_000);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => writer.AppendAsync(Some.Entry(query: query))));

        // All of it takes a second or more, which is too long for one answer.
        proxy.ReplyDelay = TimeSpan.FromMilliseconds(5);
        proxy.AcceptConnections();

        await Eventually.BecomesTrueAsync(() => observer.Entries.Count == 200, TimeSpan.FromSeconds(30));
        Assert.That(observer.Sequences, Is.EqualTo(Enumerable.Range(0, 200).Select(i => (long)i)));
    }
}
