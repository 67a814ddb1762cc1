using System.Text.Json;
using LogApi.Testing;
using static LogApi.EndToEnd.Tests.Logs.BatchCalls;

namespace LogApi.EndToEnd.Tests.Logs;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
public sealed class SealingKillTests(StoreKind kind)
{
    // More bundles than are sealed in one go.
    private const int Batches = 6;
    private const int Kills = 2;

    [Test]
    public async Task Sealing_ProcessIsKilledWhileItSeals_EveryEntryIsThereOnceAndVerifies()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = data.Path,
            ["REDIS_URL"] = redis?.Url ?? "",
            ["SEAL_HOT_BUNDLES"] = "1",
            ["SEAL_HOLD_MS"] = "0",
            ["Serilog__MinimumLevel__Override__LogApi"] = "Debug",
        };
        var ids = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(settings);
            using var client = await server.LoginAsync("ada");
            for (var batch = 0; batch < Batches; batch++)
            {
                using var response = await client.PostAsync("/api/v1/logs/batch", Content(Body()));
                ids.AddRange((await ResultsAsync(response)).Select(result => result.Id()));
            }

            // The first bundles are away, the others are on their way.
            await Eventually.BecomesTrueAsync(() => HasSealed(server), Patience);
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(settings);
        using var again = await last.LoginAsync("ada");
        using var more = await again.PostAsync("/api/v1/logs/batch", Content(Body()));
        ids.AddRange((await ResultsAsync(more)).Select(result => result.Id()));
        await Eventually.BecomesTrueAsync(() => HasSealed(last), Patience);

        var lines = (await again.GetStringAsync("/api/v1/logs/export?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var exported = lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.That(exported.SkipLast(1).Select(entry => entry.Id()), Is.EqualTo(ids), "all but the end line");
        Assert.That(exported.SkipLast(1).Select(entry => entry.Seq()), Is.EqualTo(Enumerable.Range(0, ids.Count)));
        for (var at = 0; at < ids.Count; at += 397)
            Assert.That((await again.VerifyAsync(ids[at])).GetProperty("valid").GetBoolean(), Is.True, $"{at}");
    }

    private static bool HasSealed(ServerProcess server) => server.Output.Contains("bundles were sealed;", StringComparison.Ordinal);
}
