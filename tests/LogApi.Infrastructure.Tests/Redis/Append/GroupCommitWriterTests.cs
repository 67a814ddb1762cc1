using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Append;

/// <summary>Each way in which a call to the store can fail: 'not stored' and 'stored, but the answer is lost'.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class GroupCommitWriterTests
{
    private static readonly StoreOptions Quick = new() { TimeoutMilliseconds = 1_000 };

    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [Test]
    public async Task AppendAsync_AnswerIsLostAndConnectionCut_StoresOneEntryAndSucceeds()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), new StoreOptions { TimeoutMilliseconds = 5_000 });
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        await using var direct = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var witness = await LogProcess.StartAsync(direct);
        proxy.DropReplies = true;

        var append = process.AppendAsync(Some.Entry());
        await Eventually.BecomesTrueAsync(async () => (await witness.Logs.GetHeadAsync(default)).Next == 2);
        proxy.GoDown();
        proxy.DropReplies = false;
        proxy.AcceptConnections();

        Assert.That(await append, Is.EqualTo(1));
        Assert.That((await witness.Logs.GetHeadAsync(default)).Next, Is.EqualTo(2));
    }

    [Test]
    public async Task AppendAsync_AnswerIsLostForGood_SaysThatTheOutcomeIsUnknownAndStoresOnce()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), Quick);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        await using var direct = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var witness = await LogProcess.StartAsync(direct);
        proxy.DropReplies = true;
        var entry = Some.Entry();

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => process.AppendAsync(entry).WaitAsync(TimeSpan.FromSeconds(2)));

        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.OutcomeUnknown));
        Assert.That(failure.EntryId, Is.EqualTo(entry.Id));
        await Eventually.BecomesTrueAsync(async () => (await witness.Logs.GetHeadAsync(default)).Next == 2);
        Assert.That((await witness.Logs.FindAsync(entry.Id, default)).State, Is.EqualTo(IdState.Stored));
    }

    [Test]
    public async Task AppendAsync_AnswerToAUnitIsLost_StoresItOnceAndTheFeedHasIt()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), new StoreOptions { TimeoutMilliseconds = 5_000 });
        await using var process = await LogProcess.StartAsync(store);
        var observer = new RecordingObserver();
        using var subscription = process.Feed.Subscribe(observer);
        await Eventually.BecomesTrueAsync(() => observer.Resets.Count == 1);
        await process.AppendAsync(Some.Entry());
        await using var direct = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var witness = await LogProcess.StartAsync(direct);
        proxy.DropReplies = true;

        var append = process.Logs.AppendAsync(
            [.. Some.Entries(300).Select(entry => new NewEntry(entry, mayExist: false))], WhenFull.Wait, default);
        await Eventually.BecomesTrueAsync(async () => (await witness.Logs.GetHeadAsync(default)).Next == 301);
        proxy.GoDown();
        proxy.DropReplies = false;
        proxy.AcceptConnections();

        Assert.That(await append, Is.EqualTo(Enumerable.Range(1, 300).Select(i => new Appended(AppendOutcome.Stored, i))));
        Assert.That((await witness.Logs.GetHeadAsync(default)).Next, Is.EqualTo(301));
        await Eventually.BecomesTrueAsync(() => observer.Sequences.Count == 301);
        Assert.That(observer.Sequences, Is.EqualTo(Enumerable.Range(0, 301).Select(i => (long)i)));
    }

    [Test]
    public async Task AppendAsync_RequestIsLost_IsNotStoredOrStoredOnce()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), new StoreOptions { TimeoutMilliseconds = 5_000 });
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        proxy.DropRequests = true;

        var append = process.AppendAsync(Some.Entry());
        await Eventually.BecomesTrueAsync(() => proxy.DroppedRequestBytes > 0);
        proxy.GoDown();
        proxy.DropRequests = false;
        proxy.AcceptConnections();

        Assert.That(await append, Is.EqualTo(1));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(2));
    }

    [Test]
    public async Task AppendAsync_StoreIsDown_IsUnreachableWithinTwoSecondsAndWorksOnceItIsBack()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        await server.KillAsync();
        await Eventually.BecomesTrueAsync(() => !process.Connection.IsConnected);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => process.AppendAsync(Some.Entry()).WaitAsync(TimeSpan.FromSeconds(2)));
        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => process.Connection.IsConnected);

        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.Unreachable));
        Assert.That(await process.AppendAsync(Some.Entry()), Is.EqualTo(1));
    }

    [Test]
    public async Task AppendAsync_StoreHangs_EveryCallerHasAnAnswerWithinTwoSeconds()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var process = await LogProcess.StartAsync(store, new AppendOptions { BatchEntries = 2 });
        await process.AppendAsync(Some.Entry());
        server.Pause();

        var failures = await Task.WhenAll(Some.Entries(20).Select(async entry =>
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.AppendAsync(entry));
            return (entry, failure!.Reason);
        })).WaitAsync(TimeSpan.FromSeconds(2));
        server.Resume();

        await Eventually.BecomesTrueAsync(() => process.Connection.IsConnected);
        await process.AppendAsync(Some.Entry());
        foreach (var (entry, reason) in failures)
        {
            var stored = (await process.Logs.FindAsync(entry.Id, default)).State == IdState.Stored;
            Assert.That(stored, Is.False.Or.EqualTo(reason == StoreFailure.OutcomeUnknown), $"{reason}");
        }
    }

    [Test]
    public async Task AppendAsync_QueueIsFull_IsRefusedAtOnceAndNotStored()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var process = await LogProcess.StartAsync(store, new AppendOptions { QueueEntries = 4, BatchEntries = 2 });
        await process.AppendAsync(Some.Entry());
        server.Pause();

        var outcomes = Some.Entries(40).Select(process.AppendAsync).ToList();
        var refused = outcomes.Count(outcome =>
            outcome.Exception?.InnerException is StoreUnavailableException { Reason: StoreFailure.Overloaded });
        server.Resume();

        Assert.That(refused, Is.GreaterThanOrEqualTo(40 - 4 - (2 * 2)));
        var stored = 0;
        foreach (var outcome in outcomes)
        {
            if (await Task.WhenAny(outcome) is { IsCompletedSuccessfully: true }) stored++;
        }

        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(1 + stored));
        Assert.That(stored + refused, Is.EqualTo(40));
    }

    [Test]
    public async Task AppendAsync_ScriptWasForgottenByTheStore_IsLoadedAgain()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        await process.Connection.Database.ExecuteAsync("SCRIPT", "FLUSH");

        Assert.That(await process.AppendAsync(Some.Entry()), Is.EqualTo(1));
    }

    [Test]
    public async Task StopAsync_EntriesAreWaiting_StoresThemFirst()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), new StoreOptions { TimeoutMilliseconds = 20_000 });
        await using var process = await LogProcess.StartAsync(store, new AppendOptions { BatchEntries = 3 });

        var appends = Some.Entries(500).Select(process.AppendAsync).ToList();
        await process.Writer.StopAsync(default);

        Assert.That((await Task.WhenAll(appends)).Order(), Is.EqualTo(Enumerable.Range(0, 500).Select(i => (long)i)));
    }
}
