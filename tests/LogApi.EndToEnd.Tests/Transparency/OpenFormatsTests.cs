using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>The log as an auditor sees it, who knows nothing of the service but the open formats and the log's key.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class OpenFormatsTests(StoreKind kind)
{
    // Other tests keep the machine busy, and none of these is about time.
    private Task<Service> StartAsync(params (string Name, string Value)[] settings) =>
        Service.StartAsync(kind, [("STORE_TIMEOUT_MS", "30000"), ("CHECKPOINT_INTERVAL_MS", "100"), .. settings]);

    [Test]
    public async Task Tiles_AtEverySizeThatWasPublished_AreOneTreeOverTheEntries()
    {
        await using var service = await StartAsync(("SEAL_HOT_BUNDLES", "1"), ("SEAL_HOLD_MS", "0"));
        using var client = await service.Server.LoginAsync("ada");
        var log = new OpenLog(service.Server.Client);
        var published = new List<(long Size, byte[] Root)>();
        var total = 0;
        foreach (var count in new[] { 1, 2, 252, 1, 1, 300, 700 })
        {
            total += count;
            await client.FillAsync(Enumerable.Range(0, count).Select(i =>
                new { query = $"SELECT \"{i}\" \\ {total}", status = "OK", attributes = new Dictionary<string, string> { ["b"] = "2", ["A"] = "1" } }));
            var (size, root, _) = await log.WaitForAsync(total);
            published.Add((size, root));
        }

        var leaves = await log.ReadLeavesAsync(published[^1].Size);
        foreach (var (size, root) in published)
        {
            Assert.That(OpenLog.RootOf([.. leaves.Take((int)size).Select(OpenLog.HashOfLeaf)]), Is.EqualTo(root), $"root at {size}");
            Assert.That(await log.CheckTilesAsync(size, leaves), Is.Positive);
        }

        var lines = await ExportAsync(service, "?proofs=true");
        Assert.That(lines[..^1].Select(line => line.GetProperty("log_index").GetInt32()), Is.EqualTo(Enumerable.Range(0, total)));
        foreach (var line in lines[..^1])
            Assert.That(OpenLog.LeafOf(line), Is.EqualTo(leaves[line.GetProperty("log_index").GetInt32()]));
    }

    [Test]
    public async Task Export_Proofs_LeadFromEachEntryToTheSignedRoot()
    {
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("ada");
        var log = new OpenLog(service.Server.Client);
        await client.FillAsync(Enumerable.Range(0, 600).Select(i => new { query = $"SELECT {i}", status = "OK" }));
        await log.WaitForAsync(600);

        foreach (var query in new[] { "?proofs=true", "?proofs=true&order=desc", "?proofs=true&user_id=ada&limit=10" })
        {
            var lines = await ExportAsync(service, query);
            var note = lines[^1].GetProperty("checkpoint").GetString()!.Split('\n');
            var (size, root) = (long.Parse(note[1], System.Globalization.CultureInfo.InvariantCulture), Convert.FromBase64String(note[2]));
            foreach (var line in lines[..^1])
            {
                var proof = line.GetProperty("inclusion").EnumerateArray().Select(hash => hash.GetBytesFromBase64()).ToArray();
                var hash = OpenLog.HashOfLeaf(OpenLog.LeafOf(line));
                Assert.That(OpenLog.RootBy(line.GetProperty("log_index").GetInt64(), size, hash, proof), Is.EqualTo(root));
            }

            Assert.That(lines, Has.Count.EqualTo(query.Contains("limit", StringComparison.Ordinal) ? 11 : 601));
        }
    }

    [Test]
    public async Task Proof_OfANewEntry_IsThereWithinSecondsAndHoldsOffline()
    {
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");
        var path = new Uri($"/api/v1/logs/{entry.Id()}/proof?extra=true", UriKind.Relative);
        await service.Server.Client.IsIncludedAsync(entry, TimeSpan.FromSeconds(30));
        await using var folder = new TempDirectory();
        var file = Path.Combine(folder.Path, "entry.tlog-proof");
        await File.WriteAllTextAsync(file, await service.Server.Client.GetStringAsync(path));
        var vkey = (await service.Server.Client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("vkey").GetString()!;

        await using var verify = ServerProcess.Launch(new Dictionary<string, string>(), "verify", file, "--vkey", vkey);

        Assert.That(await verify.WaitForEndAsync(), Is.Zero, verify.Output);
    }

    [Test]
    public async Task Export_WithProofs_HoldsOfflineAndFailsWhenEdited()
    {
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("ada");
        await client.FillAsync(Enumerable.Range(0, 300).Select(i => new { query = $"SELECT {i}", status = "OK" }));
        await new OpenLog(service.Server.Client).WaitForAsync(300);
        await using var folder = new TempDirectory();
        var (good, bad) = (Path.Combine(folder.Path, "good.ndjson"), Path.Combine(folder.Path, "bad.ndjson"));
        var text = await service.Server.Client.GetStringAsync(new Uri("/api/v1/logs/export?proofs=true", UriKind.Relative));
        await File.WriteAllTextAsync(good, text);
        await File.WriteAllTextAsync(bad, text.Replace("SELECT 123\"", "SELECT 124\"", StringComparison.Ordinal));
        var vkey = (await service.Server.Client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("vkey").GetString()!;

        await using var right = ServerProcess.Launch(new Dictionary<string, string>(), "verify", good, "--vkey", vkey);
        await using var wrong = ServerProcess.Launch(new Dictionary<string, string>(), "verify", bad, "--vkey", vkey);

        Assert.That(await right.WaitForEndAsync(), Is.Zero, right.Output);
        Assert.That(await wrong.WaitForEndAsync(), Is.Not.Zero, wrong.Output);
        Assert.That(wrong.Output, Does.Contain("123"));
    }

    [Test]
    public async Task Python_WithNothingOfOurs_ReadsAndChecksTheLog()
    {
        if (!IsThere("python3")) Assert.Ignore("There is no python3.");
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("żółć");
        await client.FillAsync(Enumerable.Range(0, 520).Select(i => new
        {
            query = $"SELECT '\u0001\b\f\n\r\t\u007f\u2028 \"\\/ 🙂' {i}",
            status = "OK",
            occurred_at = "2026-03-01T12:00:00+01:00",
            attributes = new Dictionary<string, string> { ["\ufb33"] = "x", ["🙂"] = "\u20ac", ["1"] = "" },
        }));
        var redacted = (await client.GetFromJsonAsync<JsonElement>("/api/v1/logs?limit=1")).GetProperty("items")[0].Id();
        using (var response = await client.PostAsJsonAsync($"/api/v1/logs/{redacted}/redact", new { reason = "asked for" })) response.EnsureSuccessStatusCode();
        await new OpenLog(service.Server.Client).WaitForAsync(521);
        await using var folder = new TempDirectory();
        var export = Path.Combine(folder.Path, "export.ndjson");
        await File.WriteAllTextAsync(
            export, await service.Server.Client.GetStringAsync(new Uri("/api/v1/logs/export?proofs=true", UriKind.Relative)));
        var vkey = (await service.Server.Client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("vkey").GetString()!;

        var report = JsonDocument.Parse(await RunAsync(
            "python3", Repository.Combine("tests", "auditor", "read_log.py"), service.Server.Address.OriginalString, vkey, export)).RootElement;

        Assert.That((report.GetProperty("size").GetInt32(), report.GetProperty("entries").GetInt32()), Is.EqualTo((521, 521)));
        Assert.That(report.GetProperty("tiles").GetInt32(), Is.EqualTo(4));
    }

    [Test]
    public async Task VerifyGiven_AfterRedactionAndDropping_StillTellsWhatWasLogged()
    {
        await using var service = await StartAsync(("LOG_RETENTION_MAX_ENTRIES", "600"), ("SEAL_HOT_BUNDLES", "1"), ("SEAL_HOLD_MS", "0"));
        using var client = await service.Server.LoginAsync("ada");
        var log = new OpenLog(service.Server.Client);
        await client.FillAsync(Enumerable.Range(0, 300).Select(i => new { query = $"SELECT {i}", status = "OK" }));
        await log.WaitForAsync(300);
        var lines = await ExportAsync(service, "?proofs=true");
        var (dropped, redacted) = (lines[5], lines[290]);
        using (var response = await client.PostAsJsonAsync($"/api/v1/logs/{redacted.Id()}/redact", new { reason = "asked for" })) response.EnsureSuccessStatusCode();
        var afterRedaction = await VerifyAsync(service, redacted);
        await client.FillAsync(Enumerable.Range(0, 900).Select(i => new { query = $"INSERT {i}", status = "OK" }));
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await service.Server.Client.GetAsync(new Uri($"/api/v1/verify/{dropped.Id()}", UriKind.Relative));
                return response.StatusCode == HttpStatusCode.Gone;
            },
            TimeSpan.FromSeconds(60));
        var afterDropping = await VerifyAsync(service, dropped);
        using var bundle = await service.Server.Client.GetAsync(new Uri("/tile/entries/000", UriKind.Relative));
        using var tile = await service.Server.Client.GetAsync(new Uri("/tile/0/000", UriKind.Relative));

        Assert.That(afterRedaction.GetProperty("matches").GetBoolean(), Is.True, afterRedaction.GetRawText());
        Assert.That(afterRedaction.GetProperty("verification").GetProperty("redacted").GetBoolean(), Is.True);
        Assert.That(afterDropping.GetProperty("matches").GetBoolean(), Is.True, afterDropping.GetRawText());
        Assert.That(bundle.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await bundle.Content.ReadAsStringAsync(), Does.Contain("retention"));
        Assert.That(tile.IsSuccessStatusCode, Is.True, "hashes are kept");
    }

    private static async Task<JsonElement> VerifyAsync(Service service, JsonElement entry)
    {
        using var response = await service.Server.Client.PostAsJsonAsync("/api/v1/verify", entry);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<List<JsonElement>> ExportAsync(Service service, string query) =>
        [.. (await service.Server.Client.GetStringAsync(new Uri("/api/v1/logs/export" + query, UriKind.Relative)))
            .Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)];

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(bound.Token);
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return await output;
    }
}
