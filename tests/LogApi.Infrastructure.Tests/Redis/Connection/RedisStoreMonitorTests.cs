using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Embedded;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogApi.Infrastructure.Tests.Redis.Connection;

[Parallelizable(ParallelScope.All)]
public sealed class RedisStoreMonitorTests
{
    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [TestCase("yes", "always", "", "fsync-always")]
    [TestCase("yes", "everysec", "", "fsync-everysec")]
    [TestCase("yes", "no", "", "fsync-by-system")]
    [TestCase("no", "always", "", "none (memory only)")]
    [TestCase("no", "always", "3600 1", "snapshots")]
    public async Task CheckAsync_StoreIsUp_IsReadyAndNamesWhatAWriteSurvives(
        string appendOnly, string appendFsync, string save, string durability)
    {
        await using var server = await RedisServerProcess.StartAsync(
            "--appendonly", appendOnly, "--appendfsync", appendFsync, "--save", save);

        var status = await CheckAsync(server.Url);

        Assert.That(status, Is.EqualTo(new StoreStatus("redis", Ready: true, durability, Problem: null)));
    }

    [Test]
    public async Task CheckAsync_ConfigIsDenied_IsReadyAndDoesNotKnowWhatAWriteSurvives()
    {
        await using var server = await RedisServerProcess.StartAsync(
            "--user", "app", "on", ">secret", "~*", "&*", "+@all", "-config", "--user", "default", "off");

        var status = await CheckAsync($"redis://app:secret@{server.EndPoint}");

        Assert.That(status, Is.EqualTo(new StoreStatus("redis", Ready: true, "unknown", Problem: null)));
    }

    [TestCase("--maxmemory 1mb", "memory is full")]
    [TestCase("--maxmemory-policy allkeys-lru", "maxmemory-policy is allkeys-lru")]
    [TestCase("--maxmemory-policy volatile-ttl --maxmemory 100mb", "maxmemory-policy is volatile-ttl")]
    [TestCase("--min-replicas-to-write 1", "min-replicas-to-write")]
    [TestCase("--replicaof 127.0.0.1 1", "read-only replica")]
    [TestCase("--requirepass secret", "password")]
    public async Task CheckAsync_StoreCannotTakeEntries_IsNotReadyAndSaysWhy(string arguments, string problem)
    {
        await using var server = await RedisServerProcess.StartAsync(arguments.Split(' '));

        var status = await CheckAsync(server.Url);

        Assert.That(status.Ready, Is.False);
        Assert.That(status.Problem, Does.Contain(problem));
    }

    [Test]
    public async Task CheckAsync_WrongPassword_SaysSoAndDoesNotRepeatIt()
    {
        await using var server = await RedisServerProcess.StartAsync("--requirepass", "secret");

        var status = await CheckAsync($"redis://:hunter2@{server.EndPoint}");

        Assert.That(status.Ready, Is.False);
        Assert.That(status.Problem, Does.Contain("refuses the user or password").And.Not.Contains("hunter2"));
    }

    [Test]
    public async Task CheckAsync_StoreGoesAndComesBack_IsNotReadyMeanwhile()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await ConnectAsync(server.Url);
        var monitor = Monitor(store.Options, store.Connection);
        var before = await monitor.CheckAsync(default);
        await server.KillAsync();

        var during = await monitor.CheckAsync(default);
        await server.RestartAsync();

        Assert.That(before.Ready, Is.True);
        Assert.That(during, Is.EqualTo(new StoreStatus(
            "redis", Ready: false, "unknown", $"the store at {server.EndPoint} can't be reached or does not answer")));
        await Eventually.BecomesTrueAsync(async () => (await monitor.CheckAsync(default)).Ready);
    }

    [Test]
    public async Task CheckAsync_StoreHangs_EndsInTime()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await ConnectAsync(server.Url);
        var monitor = Monitor(store.Options, store.Connection);
        server.Pause();

        var status = await monitor.CheckAsync(default).WaitAsync(TimeSpan.FromSeconds(2));
        server.Resume();

        Assert.That(status.Ready, Is.False);
    }

    [Test]
    public async Task CheckAsync_EvictionIsTurnedOnLater_IsNotReadyUntilItIsOff()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await ConnectAsync(server.Url);
        var monitor = Monitor(store.Options, store.Connection);
        await store.Connection.Database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        var during = await monitor.CheckAsync(default);
        await store.Connection.Database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        var after = await monitor.CheckAsync(default);

        Assert.That((during.Ready, after.Ready), Is.EqualTo((false, true)));
        Assert.That(during.Problem, Does.Contain("allkeys-random"));
    }

    [Test]
    public async Task CheckAsync_UserWithoutChannels_IsNotReadyAndSaysWhy()
    {
        await using var server = await RedisServerProcess.StartAsync(
            "--user", "app", "on", ">secret", "~*", "resetchannels", "+@all", "--user", "default", "off");

        var status = await CheckAsync($"redis://app:secret@{server.EndPoint}");

        Assert.That(status.Ready, Is.False);
        Assert.That(status.Problem, Does.Contain("NOPERM").And.Contains("channels"));
    }

    [Test]
    public async Task CheckAsync_NewestBundleIsShort_IsNotReadyAndSaysWhichOne()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await ConnectAsync(server.Url);
        await using var process = await LogProcess.StartAsync(store);
        var monitor = Monitor(store.Options, store.Connection);
        await Task.WhenAll(Some.Entries(260).Select(process.AppendAsync));
        var before = await monitor.CheckAsync(default);

        await store.Connection.Database.ListTrimAsync(store.Connection.Keys.Entries(1), 0, 1);
        var after = await monitor.CheckAsync(default);

        Assert.That((before.Ready, after.Ready), Is.EqualTo((true, false)));
        Assert.That(after.Problem, Does.Contain("damaged").And.Contains("entries:1 has 2 of 4"));
    }

    [Test]
    public async Task Startup_StoreThatEvictsComesUpLater_NoEntryIsGivenToIt()
    {
        await using var server = await RedisServerProcess.StartAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        await server.KillAsync();
        var options = new StoreOptions { RedisUrl = server.Url, TimeoutMilliseconds = 500 };
        await using var connection = new RedisConnection(options, TimeProvider.System);
        await using var startup = Startup(options, connection);
        await startup.StartAsync(default);

        await server.RestartAsync();
        await Eventually.BecomesTrueAsync(() => connection.Refusal is not null);

        Assert.That(connection.Refusal, Does.Contain("allkeys-lru"));
        await using var store = await ConnectAsync(server.Url);
        await using var process = await LogProcess.StartAsync(store);
        process.Connection.Refusal = connection.Refusal;
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.AppendAsync(Some.Entry()));
        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.Unreachable));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.Zero);
    }

    [Test]
    public async Task Startup_EvictionIsOn_RefusesTheStoreInOneLine()
    {
        await using var server = await RedisServerProcess.StartAsync("--maxmemory-policy", "volatile-lru");

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(new StoreOptions { RedisUrl = server.Url }));

        Assert.That(refusal!.Message, Does.Contain("volatile-lru").And.Contains("noeviction").And.Not.Contains("\n"));
    }

    [Test]
    public async Task Startup_StoreIsDown_Starts()
    {
        var options = new StoreOptions { RedisUrl = $"redis://127.0.0.1:{FreePort.Next()}", TimeoutMilliseconds = 300 };

        await StartAsync(options);
    }

    private static async Task StartAsync(StoreOptions options)
    {
        await using var connection = new RedisConnection(options, TimeProvider.System);
        var startup = Startup(options, connection);
        await startup.StartAsync(default);
        await startup.StopAsync(default);
    }

    private static StoreStartup Startup(StoreOptions options, RedisConnection connection) =>
        new(options, connection, Monitor(options, connection), new EmbeddedDurability(), NullLoggerFactory.Instance);

    private static async Task<StoreStatus> CheckAsync(string url)
    {
        await using var store = await ConnectAsync(url);
        return await Monitor(store.Options, store.Connection).CheckAsync(default);
    }

    private static RedisStoreMonitor Monitor(StoreOptions options, RedisConnection connection) =>
        new(options, connection, new RedisDurability());

    private static Task<StoreFixture> ConnectAsync(string url) => StoreFixture.StartAsync(
        RedisUrl.Parse(url), new StoreOptions { RedisUrl = url, TimeoutMilliseconds = 500 });
}
