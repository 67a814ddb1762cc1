using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>What the service gives out, checked by the command without the service.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class VerifyCommandTests(StoreKind kind)
{
    private const int Count = 700;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Verify_ExportsProofsAndCheckpointsOfALog_AllHoldUntilOneIsEdited()
    {
        await using var folder = new TempDirectory();
        string vkey, redacted;
        await using (var service = await Service.StartAsync(kind))
        {
            using var client = await service.Server.LoginAsync("ada");
            await client.FillAsync(Entries(0, 300));
            await CoversAsync(client, 300);
            await SaveAsync(client, "/checkpoint", folder.Combine("old"));
            var old = (await client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("tree_size").GetInt64();
            await client.FillAsync(Entries(300, Count - 300));
            var entry = await client.WriteAsync("SELECT 'zoë 日本 😀'");
            redacted = (await client.WriteAsync("SELECT 'secret'")).Id();
            using var erased = await client.PostAsJsonAsync($"/api/v1/logs/{redacted}/redact", new { reason = "a test" });
            erased.EnsureSuccessStatusCode();
            var size = await CoversAsync(client, Count + 3);

            vkey = (await client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("vkey").GetString()!;
            await SaveAsync(client, "/api/v1/logs/export?format=ndjson&proofs=true", folder.Combine("all"));
            await SaveAsync(client, "/api/v1/logs/export?format=ndjson&proofs=true&q=entry-1", folder.Combine("some"));
            await SaveAsync(client, $"/api/v1/logs/{entry.Id()}/proof", folder.Combine("proof"));
            await SaveAsync(client, $"/api/v1/logs/{entry.Id()}/proof?extra=true", folder.Combine("proof-with-entry"));
            await SaveAsync(client, $"/api/v1/logs/{redacted}/proof?extra=true", folder.Combine("proof-of-redacted"));
            await SaveAsync(client, $"/api/v1/logs/{entry.Id()}", folder.Combine("entry"));
            await SaveAsync(client, $"/api/v1/transparency/consistency?from={old}&to={size}", folder.Combine("consistency"));
            client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
            await SaveAsync(client, $"/api/v1/logs/{entry.Id()}/proof", folder.Combine("proof.json"));
        }

        var all = await VerifyAsync("all", "--checkpoint", folder.Combine("old"));
        Assert.That(all.ExitCode, Is.Zero, all.Output);
        Assert.That(all.Output, Does.Contain("without a gap").And.Contain("1 entry is redacted").And.Contain("the entries of the file give both roots"));

        var some = await VerifyAsync("some", "--checkpoint", folder.Combine("old"), "--consistency", folder.Combine("consistency"));
        Assert.That(some.ExitCode, Is.Zero, some.Output);
        Assert.That(some.Output, Does.Contain("with gaps").And.Contain("begins with the whole smaller one"));

        foreach (var name in new[] { "proof-with-entry", "proof-of-redacted", "proof.json" })
        {
            var proof = await VerifyAsync(name);
            Assert.That(proof.ExitCode, Is.Zero, name + proof.Output);
        }

        var withEntry = await VerifyAsync("proof.json", "--entry", folder.Combine("entry"));
        Assert.That(withEntry.ExitCode, Is.Zero, withEntry.Output);
        Assert.That(withEntry.Output, Does.Contain("was logged exactly as it is here"));
        Assert.That((await VerifyAsync("proof")).ExitCode, Is.EqualTo(2), "it has no entry");

        var text = await File.ReadAllTextAsync(folder.Combine("all"));
        await File.WriteAllTextAsync(folder.Combine("all"), text.Replace("entry-444", "entry-445", StringComparison.Ordinal));
        var edited = await VerifyAsync("all");
        Assert.That(edited.ExitCode, Is.EqualTo(1));
        Assert.That(edited.Output, Does.Contain("Line 445 is not what was logged at index 444"));

        async Task<(int ExitCode, string Output)> VerifyAsync(string file, params string[] options)
        {
            await using var command = ServerProcess.Launch(
                new Dictionary<string, string>(), ["verify", folder.Combine(file), "--vkey", vkey, .. options]);
            return (await command.WaitForEndAsync(), command.Output);
        }
    }

    private static IEnumerable<object> Entries(int first, int count) =>
        Enumerable.Range(first, count).Select(i => new { query = $"SELECT 'entry-{i}'", status = "SUCCESS", attributes = new { host = "db1" } });

    private static async Task<long> CoversAsync(HttpClient client, long count)
    {
        long size = 0;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                size = (await client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("tree_size").GetInt64();
                return size >= count;
            },
            Patience);
        return size;
    }

    private static async Task SaveAsync(HttpClient client, string path, string file)
    {
        using var response = await client.GetAsync(path);
        Assert.That(response.IsSuccessStatusCode, Is.True, path);
        await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync());
    }
}
