using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>Processes that sign are killed and put to sleep at any moment: what they publish stays one line.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class TreeKillTests(StoreKind kind)
{
    private const int Rounds = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Publish_ProcessesAreKilledAndPutToSleep_StaysOneLineThatHasEveryEntry()
    {
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var folders = Enumerable.Range(0, redis is null ? 1 : 3).Select(_ => new TempDirectory()).ToList();
        var settings = folders.ConvertAll(folder => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = folder.Path,
            ["REDIS_URL"] = redis?.Url ?? "",
            ["LOG_SIGNING_KEY"] = Some.SigningKey,
            ["JWT_SECRET_KEY"] = Some.Secret,
            ["CHECKPOINT_INTERVAL_MS"] = "100",
        });
        var servers = new List<ServerProcess>();
        foreach (var each in settings) servers.Add(await ServerProcess.StartAsync(each));
        var acknowledged = new List<string>();
        await using var watch = new CheckpointWatch();
        watch.Start(() => servers[^1]);
        for (var round = 0; round < Rounds; round++)
        {
            var writers = new List<Writers>();
            foreach (var server in servers) writers.Add(new Writers(await server.LoginAsync("ada"), count: 2));
            var before = watch.Seen.Count > 0 ? watch.Seen[^1].Size : 0;
            await watch.WaitAsync(before + 60, Patience);

            // In turn, so that the one that signs is among them; half of them only sleep longer than their lease.
            var chosen = round % servers.Count;
            if (redis is not null && round % 2 == 1) await SleepAsync(servers[chosen], watch);
            else await servers[chosen].KillAsync();
            foreach (var writer in writers) await writer.StopAsync();
            acknowledged.AddRange(writers.SelectMany(writer => writer.Acknowledged));
            if (redis is null || round % 2 == 0)
            {
                var killed = servers[chosen];
                servers[chosen] = await ServerProcess.StartAsync(settings[chosen]);
                await killed.DisposeAsync();
            }
        }

        using var last = await servers[^1].LoginAsync("ada");
        var entry = await last.WriteAsync("SELECT 'the end'");
        await watch.WaitAsync(entry.Seq() + 1, Patience);
        var ids = await watch.AssertIsOneLineAsync(servers[^1]);
        Assert.That(acknowledged, Is.SubsetOf(ids));
        foreach (var server in servers)
        {
            Assert.That(await server.IsReadyAsync(), server.Output);
            await server.DisposeAsync();
        }

        foreach (var folder in folders) await folder.DisposeAsync();
    }

    private static async Task SleepAsync(ServerProcess server, CheckpointWatch watch)
    {
        server.Pause();
        try
        {
            // The one that is watched may be it: then it wakes up behind the others.
            await Task.WhenAny(watch.WaitAsync(watch.Seen[^1].Size + 200, Patience), Task.Delay(TimeSpan.FromSeconds(3)));
        }
        finally
        {
            server.Resume();
        }
    }
}
