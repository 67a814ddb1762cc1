using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Logs;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
public sealed class RedactionKillTests(StoreKind kind)
{
    private const int Kills = 3;
    private const int EntriesEach = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Redact_ProcessIsKilledInTheMiddle_IsFinishedToldOnceAndEveryProofHolds()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = data.Path,
            ["REDIS_URL"] = redis?.Url ?? "",
            ["SEAL_HOT_BUNDLES"] = "1",
            ["SEAL_HOLD_MS"] = "0",
            ["STORE_TIMEOUT_MS"] = "30000",
        };
        Service.AddSecrets(settings);
        var tried = new ConcurrentQueue<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(settings);
            using var client = await server.LoginAsync("ada");
            await client.FillAsync(Enumerable.Range(0, EntriesEach).Select(i => new { query = $"SELECT 'zyxwvutsrq-{i}'", status = "OK" }));
            var ids = (await ExportAsync(client)).Where(entry => entry.TryGetProperty("status", out var status) && status.GetString() == "OK")
                .Select(entry => entry.Id()).Where((_, i) => i % 7 == 0).ToList();
            var before = tried.Count;
            var redacting = RedactUntilItEndsAsync(client, ids, tried);
            await Eventually.BecomesTrueAsync(() => tried.Count >= before + 5 + (3 * kill), Patience);
            await server.KillAsync();
            await redacting;
        }

        await using var last = await ServerProcess.StartAsync(settings);
        using var again = await last.LoginAsync("bob");

        // One that was not begun may have been tried in two rounds.
        var asked = tried.Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in asked)
        {
            using var answer = await again.PostAsJsonAsync($"/api/v1/logs/{id}/redact", new { reason = "again" });
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        }

        var entries = await ExportAsync(again);
        Assert.That(entries.Where(entry => entry.TryGetProperty("redacted", out _)).Select(entry => entry.Id()), Is.EquivalentTo(asked));
        var told = entries.Where(entry => entry.TryGetProperty("status", out var status) && status.GetString() == "REDACTION");
        Assert.That(told.Select(entry => entry.GetProperty("attributes").GetProperty("entry_id").GetString()), Is.EquivalentTo(asked));
        Assert.That(entries, Has.Count.EqualTo((Kills * EntriesEach) + asked.Count));
        await AssertProvenAsync(again, asked);
        var counts = (await again.GetFromJsonAsync<JsonElement>("/api/v1/stats")).GetProperty("by_status");
        Assert.That(counts.GetProperty("OK").GetInt32(), Is.EqualTo((Kills * EntriesEach) - asked.Count));
    }

    // The one that is under way when the process ends may or may not be done.
    private static async Task RedactUntilItEndsAsync(HttpClient client, IReadOnlyList<string> ids, ConcurrentQueue<string> tried)
    {
        try
        {
            foreach (var id in ids)
            {
                tried.Enqueue(id);
                using var answer = await client.PostAsJsonAsync($"/api/v1/logs/{id}/redact", new { reason = "first" });
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
            }
        }
        catch (HttpRequestException)
        {
            // The process is gone.
        }
    }

    private static async Task<List<JsonElement>> ExportAsync(HttpClient client)
    {
        var text = await client.GetStringAsync("/api/v1/logs/export");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).SkipLast(1)];
    }

    private static async Task AssertProvenAsync(HttpClient client, IEnumerable<string> ids)
    {
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK), await ready.Content.ReadAsStringAsync());
        foreach (var id in ids)
        {
            JsonElement verdict = default;
            await Eventually.BecomesTrueAsync(async () =>
            {
                verdict = await client.VerifyAsync(id);
                return verdict.GetProperty("inclusion").GetString() != "pending";
            }, Patience);
            Assert.That(verdict.GetProperty("inclusion").GetString(), Is.EqualTo("included"), verdict.ToString());
            Assert.That(verdict.GetProperty("redacted").GetBoolean() && verdict.GetProperty("valid").GetBoolean(), verdict.ToString());
        }
    }
}
