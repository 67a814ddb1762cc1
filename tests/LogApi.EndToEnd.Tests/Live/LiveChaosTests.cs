using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>Streams while processes, networks and stores come and go: nothing is missing, nothing comes twice.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LiveChaosTests
{
    private const int Processes = 3;
    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(15);

    private static readonly (string, string)[] Settings =
    [
        ("LIVE_HEARTBEAT_SECONDS", "1"), ("LIVE_COUNT_SECONDS", "1"), ("LIVE_RETRY_MS", "500"), ("FEED_POLL_MS", "500"),
    ];

    // It shares its process's time with everything else there, and none of this is about how long it takes.
    private static readonly (string, string) EmbeddedPatience = ("STORE_TIMEOUT_MS", "15000");

    [Test]
    public async Task Streams_ProcessesNetworksAndRedisComeAndGo_GiveEachEntryOnceInOrder()
    {
        await using var cluster = await LiveCluster.StartAsync(StoreKind.Redis, Processes, Settings);
        await using var run = new LiveRun(cluster, WritePause);
        var random = run.Random;
        await run.StartAsync(LivePlans.Make(count: 30, random, restless: 0.2, slow: 0));
        Func<int, Task>[] faults =
        [
            async slot => await RestartAsync(slot, cluster.TerminateAsync),
            async slot => await RestartAsync(slot, cluster.KillAsync),
            async slot => await DisturbAsync(slot, network => network.CutConnections(), seconds: 0, _ => { }),
            async slot => await DisturbAsync(slot, network => network.GoDown(), seconds: 1, network => network.AcceptConnections()),
            async slot => await DisturbAsync(slot, network => network.ReplyDelay = TimeSpan.FromMilliseconds(100), seconds: 2, network => network.ReplyDelay = TimeSpan.Zero),
            async slot => await DisturbAsync(slot, network => network.DropReplies = true, seconds: 1, ReplaceConnections),
            async slot => await DisturbAsync(slot, network => network.DropPushes = true, seconds: 2, network => network.DropPushes = false),
            async _ => await RestartRedisAsync(cluster.Redis.StopAsync),
            async _ => await RestartRedisAsync(cluster.Redis.KillAsync),
        ];
        random.Shuffle(faults);
        await run.WriteAsync(100);
        foreach (var fault in faults)
        {
            await fault(random.Next(Processes));
            await run.WriteAsync(60);
        }

        await run.AssertAllGotWhatIsTheirsAsync();
        Assert.That(run.Followers.SelectMany(one => one.Account.Lost), Is.Empty, $"seed {run.Seed}");

        async Task RestartAsync(int slot, Func<int, Task> end)
        {
            await end(slot);
            await run.WriteAsync(30);
            await cluster.StartAsync(slot);
        }

        async Task DisturbAsync(int slot, Action<TcpProxy> begin, int seconds, Action<TcpProxy> end)
        {
            begin(cluster.Network(slot));
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            end(cluster.Network(slot));
        }

        async Task RestartRedisAsync(Func<Task> end)
        {
            await end();
            await cluster.Redis.RestartAsync();
        }
    }

    [Test]
    public async Task Streams_EmbeddedStoreIsStoppedAndKilled_GiveEachEntryOnceInOrder()
    {
        await using var cluster = await LiveCluster.StartAsync(StoreKind.Embedded, 1, [.. Settings, EmbeddedPatience]);
        await using var run = new LiveRun(cluster, WritePause);
        await run.StartAsync(LivePlans.Make(count: 20, run.Random, restless: 0.2, slow: 0));
        await run.WriteAsync(200);
        Func<int, Task>[] ends = [cluster.TerminateAsync, cluster.KillAsync, cluster.KillAsync];
        foreach (var end in ends)
        {
            await end(0);
            await cluster.StartAsync(0);
            await run.WriteAsync(200);
        }

        await run.AssertAllGotWhatIsTheirsAsync();
        Assert.That(run.Followers.SelectMany(one => one.Account.Lost), Is.Empty, $"seed {run.Seed}");
    }

    [TestCase(StoreKind.Redis)]
    [TestCase(StoreKind.Embedded)]
    public async Task Streams_200ClientsThatBreakOffAndDawdle_GetWhatIsTheirsOrAreToldWhatIsNot(StoreKind kind)
    {
        // So little is kept for clients that the slow ones lose entries.
        (string, string)[] small =
        [
            .. Settings, ("LIVE_RING_BYTES", "1048576"), ("LIVE_BACKFILL_ENTRIES", "16"), ("LIVE_STALL_SECONDS", "60"), ("LIVE_LAG_SECONDS", "3"),
            ("LIVE_WRITE_BYTES", "16384"), ("LIVE_PING_TIMEOUT_SECONDS", "120"),
        ];
        await using var cluster = kind == StoreKind.Redis
            ? await LiveCluster.StartAsync(kind, 2, small)
            : await LiveCluster.StartAsync(kind, 1, [.. small, EmbeddedPatience]);
        await using var run = new LiveRun(cluster, WritePause);
        await run.StartAsync(LivePlans.Make(count: 200, run.Random, restless: 0.5, slow: 0.1));
        await run.WriteAsync(400);

        // More than the system takes for a connection on the way, some 4 MB, and the ring: 8 MB.
        await run.OverrunSlowClientsAsync(batches: 20, entriesEach: 20);
        if (kind == StoreKind.Redis)
        {
            await cluster.Redis.StopAsync();
            await cluster.Redis.RestartAsync();
        }

        await run.WriteAsync(400);

        await run.AssertAllGotWhatIsTheirsAsync();
        Assert.That(run.Followers.Where(one => one.Account.Lost.Count > 0), Is.Not.Empty, "somebody is told that it lost something");
        Assert.That(run.Followers.Sum(one => one.Account.Resumed), Is.GreaterThan(200));
    }

    // Replies that were lost leave a connection on which each answer belongs to another question; no network does that.
    private static void ReplaceConnections(TcpProxy network)
    {
        network.GoDown();
        network.DropReplies = false;
        network.AcceptConnections();
    }
}
