using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sessions;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Sessions;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RedisSessionStoreTests(StoreKind kind)
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    [Test]
    public async Task FindAsync_StartedByAnotherProcess_GivesItsUser()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var (first, second) = (await SessionsAsync(store.Connection), await SessionsAsync(await store.ConnectAsync()));
        var (token, user) = (SessionToken.New(), Some.UserId("zoë 日本 😀"));

        await first.StartAsync(token, user, HalfAnHour, default);

        Assert.That(await second.FindAsync(token, default), Is.EqualTo(user));
    }

    [Test]
    public async Task FindAsync_NeverStarted_GivesNothingUntilItIsStarted()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection);
        var token = SessionToken.New();

        var before = await sessions.FindAsync(token, default);
        await sessions.StartAsync(token, Some.UserId("ada"), HalfAnHour, default);

        Assert.That(before, Is.Null);
        Assert.That((await sessions.FindAsync(token, default))?.Value, Is.EqualTo("ada"));
    }

    [Test]
    public async Task StartAsync_Session_IsUnderTheTokensDigestWithItsLifetime()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection);
        var token = SessionToken.New();

        await sessions.StartAsync(token, Some.UserId("ada"), HalfAnHour, default);

        var key = $"{store.Options.KeyPrefix}session:{token.Digest}";
        var left = await store.Connection.Database.KeyTimeToLiveAsync(key);
        Assert.That(left, Is.InRange(HalfAnHour - TimeSpan.FromSeconds(20), HalfAnHour));
        Assert.That((byte[])(await store.Connection.Database.StringGetAsync(key))!, Has.Length.EqualTo(3 + StoreSeal.Size));
    }

    [Test]
    public async Task FindAsync_ValueEditedCutOffOrAnotherSessions_FindsNothing()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection, cacheSeconds: 0);
        var (mine, other) = (SessionToken.New(), SessionToken.New());
        await sessions.StartAsync(mine, Some.UserId("ada"), HalfAnHour, default);
        await sessions.StartAsync(other, Some.UserId("bob"), HalfAnHour, default);
        var database = store.Connection.Database;
        var (key, otherKey) = (store.Connection.Keys.Session(mine.Digest), store.Connection.Keys.Session(other.Digest));
        var value = (byte[])(await database.StringGetAsync(key))!;
        List<byte[]> forged = [[], [.. "bob"u8], value[..^1], value[1..], [.. value, 0], (byte[])(await database.StringGetAsync(otherKey))!];
        for (var i = 0; i < value.Length; i++)
        {
            var changed = value.ToArray();
            changed[i] ^= 1;
            forged.Add(changed);
        }

        foreach (var one in forged)
        {
            await database.StringSetAsync(key, one);
            Assert.That(await sessions.FindAsync(mine, default), Is.Null);
        }

        await database.StringSetAsync(key, value);
        Assert.That((await sessions.FindAsync(mine, default))?.Value, Is.EqualTo("ada"));
    }

    [Test]
    public async Task FindAsync_SecretChangedSince_FindsIt()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var token = SessionToken.New();
        await (await SessionsAsync(store.Connection)).StartAsync(token, Some.UserId("ada"), HalfAnHour, default);
        using var rotated = new EntryHasher("another secret of tests, 32 bytes or more"u8, "a secret of tests, 32 bytes or more"u8.ToArray());
        using var other = new EntryHasher("another secret of tests, 32 bytes or more"u8);

        Assert.That((await (await SessionsAsync(store.Connection, hasher: rotated)).FindAsync(token, default))?.Value, Is.EqualTo("ada"));
        Assert.That(await (await SessionsAsync(store.Connection, hasher: other)).FindAsync(token, default), Is.Null);
    }

    [Test]
    public async Task FindAsync_SessionExpires_EndsWithItAndNotWithTheCache()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection, cacheSeconds: 10);
        var token = SessionToken.New();

        await sessions.StartAsync(token, Some.UserId(), TimeSpan.FromMilliseconds(700), default);
        var before = await sessions.FindAsync(token, default);

        Assert.That(before, Is.Not.Null);
        await Eventually.BecomesTrueAsync(
            async () => await sessions.FindAsync(token, default) is null, TimeSpan.FromSeconds(3));
    }

    [Test]
    public async Task FindAsync_FoundBefore_AnswersFromMemoryAtOnceWithoutGarbage()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection, cacheSeconds: 10);
        var token = SessionToken.New();
        await sessions.StartAsync(token, Some.UserId("ada"), HalfAnHour, default);
        await sessions.FindAsync(token, default);
        await store.Connection.Database.KeyDeleteAsync(store.Connection.Keys.Session(token.Digest));

        var completed = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            var found = sessions.FindAsync(token, default);
            if (found.IsCompletedSuccessfully && found.Result is not null) completed++;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(completed, Is.EqualTo(1000));
        Assert.That(allocated, Is.LessThan(16 * 1000));
    }

    [Test]
    public async Task FindAsync_CacheIsOff_AsksTheStoreEachTime()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection, cacheSeconds: 0);
        var token = SessionToken.New();
        await sessions.StartAsync(token, Some.UserId("ada"), HalfAnHour, default);
        await sessions.FindAsync(token, default);
        await store.Connection.Database.KeyDeleteAsync(store.Connection.Keys.Session(token.Digest));

        Assert.That(await sessions.FindAsync(token, default), Is.Null);
    }

    [Test]
    public async Task EndAsync_OtherProcessHasItInMemory_EndsItThereAtOnce()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var first = await SessionsAsync(store.Connection, cacheSeconds: 10);
        var second = await SessionsAsync(await store.ConnectAsync(), cacheSeconds: 10);
        var token = SessionToken.New();
        await first.StartAsync(token, Some.UserId(), HalfAnHour, default);
        await first.FindAsync(token, default);
        await second.FindAsync(token, default);

        await first.EndAsync(token, default);

        Assert.That(await first.FindAsync(token, default), Is.Null);
        await Eventually.BecomesTrueAsync(
            async () => await second.FindAsync(token, default) is null, TimeSpan.FromSeconds(2));
    }

    [Test]
    public async Task EndAsync_SessionIsNotThere_DoesNothing()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var sessions = await SessionsAsync(store.Connection);

        await sessions.EndAsync(SessionToken.New(), default);
    }

    [Test]
    public async Task EndAsync_LookUpsGoOnMeanwhile_NoneFindsItAfterwards()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var first = await SessionsAsync(store.Connection, cacheSeconds: 10);
        var second = await SessionsAsync(await store.ConnectAsync(), cacheSeconds: 10);
        for (var round = 0; round < 50; round++)
        {
            var token = SessionToken.New();
            await first.StartAsync(token, Some.UserId(), HalfAnHour, default);

            var lookUps = Enumerable.Range(0, 20).Select(_ => second.FindAsync(token, default).AsTask()).ToArray();
            var end = first.EndAsync(token, default);
            await Task.WhenAll([end, .. lookUps]);

            Assert.That(await first.FindAsync(token, default), Is.Null);
            await Eventually.BecomesTrueAsync(
                async () => await second.FindAsync(token, default) is null, TimeSpan.FromSeconds(2));
        }
    }

    [Test]
    public async Task StartAndEndAsync_WritesAreNeverDurable_EndInTimeWithOutcomeUnknown()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var durability = new Mock<IStoreDurability>();
        durability.Setup(one => one.CommitAsync(It.IsAny<CancellationToken>())).Returns(new TaskCompletionSource().Task);
        var cache = new SessionCache(new SessionCacheOptions(), TimeProvider.System);
        var sessions = new RedisSessionStore(store.Connection, durability.Object, cache, Some.Hasher, NullLogger<RedisSessionStore>.Instance);
        var token = SessionToken.New();

        var start = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => sessions.StartAsync(token, Some.UserId(), HalfAnHour, default).WaitAsync(TimeSpan.FromSeconds(5)));
        var end = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => sessions.EndAsync(token, default).WaitAsync(TimeSpan.FromSeconds(5)));

        Assert.That((start!.Reason, end!.Reason), Is.EqualTo((StoreFailure.OutcomeUnknown, StoreFailure.OutcomeUnknown)));
    }

    internal static async Task<RedisSessionStore> SessionsAsync(RedisConnection connection, int cacheSeconds = 3, EntryHasher? hasher = null)
    {
        var cache = new SessionCache(new SessionCacheOptions { Seconds = cacheSeconds }, TimeProvider.System);
        var sessions = new RedisSessionStore(
            connection, new RedisDurability(), cache, hasher ?? Some.Hasher, NullLogger<RedisSessionStore>.Instance);
        await sessions.StartAsync(default);
        return sessions;
    }
}

[Parallelizable(ParallelScope.All)]
public sealed class RedisSessionStoreFaultTests
{
    private static readonly StoreOptions Quick = new() { TimeoutMilliseconds = 300 };

    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [Test]
    public async Task FindAsync_LogoutWasMissedWhileTheConnectionWasBroken_DoesNotFindItOnceItIsBack()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var here = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), Quick);
        await using var there = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        var first = await RedisSessionStoreTests.SessionsAsync(here.Connection, cacheSeconds: 10);
        var second = await RedisSessionStoreTests.SessionsAsync(there.Connection, cacheSeconds: 10);
        var token = SessionToken.New();
        await first.StartAsync(token, Some.UserId(), TimeSpan.FromMinutes(1), default);
        await first.FindAsync(token, default);

        proxy.GoDown();
        await Eventually.BecomesTrueAsync(() => !here.Connection.IsSubscribed(here.Connection.Keys.SessionsEnded));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await first.FindAsync(token, default));
        await second.EndAsync(token, default);
        proxy.AcceptConnections();

        await Eventually.BecomesTrueAsync(() => here.Connection.IsSubscribed(here.Connection.Keys.SessionsEnded));
        Assert.That(await first.FindAsync(token, default), Is.Null);
    }

    [Test]
    public async Task StartAsync_StoreIsDownAtFirst_HearsOfLogoutsOnceItIsUp()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await server.KillAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), Quick);
        var first = await RedisSessionStoreTests.SessionsAsync(store.Connection, cacheSeconds: 10);
        var token = SessionToken.New();

        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => store.Connection.IsSubscribed(store.Connection.Keys.SessionsEnded));
        await first.StartAsync(token, Some.UserId(), TimeSpan.FromMinutes(1), default);
        await first.FindAsync(token, default);
        var second = await RedisSessionStoreTests.SessionsAsync(await store.ConnectAsync());
        await second.EndAsync(token, default);

        await Eventually.BecomesTrueAsync(
            async () => await first.FindAsync(token, default) is null, TimeSpan.FromSeconds(2));
    }
}
