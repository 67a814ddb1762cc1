using LogApi.Application.Common.Errors;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Connection;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RedisConnectionTests(StoreKind kind)
{
    [Test]
    public async Task CallAsync_StoreIsUp_GivesTheAnswer()
    {
        await using var store = await StoreFixture.StartAsync(kind);

        await store.Connection.CallAsync(database => database.StringSetAsync(store.Connection.Keys.Session("d"), "ada"), default);
        var other = await store.ConnectAsync();
        var value = await other.CallAsync(database => database.StringGetAsync(other.Keys.Session("d")), default);

        Assert.That(value.ToString(), Is.EqualTo("ada"));
    }
}

[Parallelizable(ParallelScope.All)]
public sealed class RedisConnectionFaultTests
{
    private static readonly StoreOptions Quick = new() { TimeoutMilliseconds = 300 };

    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [Test]
    public void Database_NeverOpened_IsUnreachable()
    {
        var connection = new RedisConnection(Quick, TimeProvider.System);

        var failure = Assert.Throws<StoreUnavailableException>(() => _ = connection.Database);

        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.Unreachable));
    }

    [Test]
    public async Task CallAsync_ServerIsDownAtStart_IsUnreachableAndWorksOnceItIsUp()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await server.KillAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => PingAsync(store));

        await server.RestartAsync();

        await Eventually.BecomesTrueAsync(() => AnswersAsync(store));
        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.Unreachable));
    }

    [Test]
    public async Task CallAsync_ServerHangs_EndsInTimeWithOutcomeUnknown()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await PingAsync(store);
        server.Pause();

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => PingAsync(store).WaitAsync(TimeSpan.FromSeconds(2)));
        server.Resume();

        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.OutcomeUnknown));
    }

    [Test]
    public async Task CallAsync_ReplyIsLost_IsOutcomeUnknownAndTheChangeIsThere()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), Quick);
        await PingAsync(store);
        proxy.DropReplies = true;

        var call = store.Connection.CallAsync(database => database.StringSetAsync("key", "value"), default);
        await Eventually.BecomesTrueAsync(() => proxy.DroppedReplyBytes > 0);
        proxy.GoDown();
        proxy.DropReplies = false;
        proxy.AcceptConnections();

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.OutcomeUnknown));
        await Eventually.BecomesTrueAsync(() => AnswersAsync(store));
        Assert.That((await store.Connection.Database.StringGetAsync("key")).ToString(), Is.EqualTo("value"));
    }

    [Test]
    public async Task LostAndRestored_ServerIsKilledAndComesBack_AreRaisedAndDataIsThere()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        await store.Connection.Database.StringSetAsync("key", "value");
        int lost = 0, restored = 0;
        store.Connection.Lost += () => Interlocked.Increment(ref lost);
        store.Connection.Restored += () => Interlocked.Increment(ref restored);

        await server.KillAsync();
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref lost) > 0);
        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref restored) > 0);

        await Eventually.BecomesTrueAsync(() => AnswersAsync(store));
        Assert.That((await store.Connection.Database.StringGetAsync("key")).ToString(), Is.EqualTo("value"));
    }

    [Test]
    public async Task ReadBulkAsync_MoreThanMayRunAtOnce_TakeTurnsAndKeepTheirsUntilTheyAreOver()
    {
        await using var server = await RedisServerProcess.StartAsync();
        var options = new StoreOptions { TimeoutMilliseconds = 300, BulkBytes = 2 * StoreOptions.BulkReplyBytes };
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), options);
        var begun = 0;
        var end = new TaskCompletionSource<int>();
        var first = Enumerable.Range(0, 2).Select(_ => store.Connection.ReadBulkAsync(ReadAsync, default)).ToArray();
        var later = Enumerable.Range(0, 3).Select(_ => store.Connection.ReadBulkAsync(ReadAsync, default)).ToArray();

        foreach (var read in first) await Assert.ThrowsAsync<StoreUnavailableException>(() => read);
        var begunBefore = Volatile.Read(ref begun);
        end.SetResult(1);
        await Task.WhenAll(later);

        Assert.That((begunBefore, begun), Is.EqualTo((2, 5)));

        Task<int> ReadAsync(IDatabase database)
        {
            Interlocked.Increment(ref begun);
            return end.Task;
        }
    }

    private static Task<TimeSpan> PingAsync(StoreFixture store) =>
        store.Connection.CallAsync(database => database.PingAsync(), default);

    // The client takes up commands a moment after it calls itself connected.
    private static async Task<bool> AnswersAsync(StoreFixture store)
    {
        try
        {
            await PingAsync(store);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
