using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>An audit from the outside: over HTTP, as a command beside the service, and as a command in its place.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class AuditTests(StoreKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Audit_LogAsItWasWritten_IsIntactHoweverItIsAskedFor()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = Settings(data, redis);
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            using var client = await server.LoginAsync("ada");
            await FillAsync(client, 600);

            var audit = await RunAsync(client);
            await using var command = ServerProcess.Launch(settings, "audit", server.Address.OriginalString);

            Assert.That(audit.GetProperty("verdict").GetString(), Is.EqualTo("intact"), audit.ToString());
            Assert.That(audit.GetProperty("entries_checked").GetInt64(), Is.EqualTo(600));
            Assert.That(await command.WaitForEndAsync(), Is.Zero, command.Output);
            Assert.That(command.Output, Does.Contain("intact").And.Contain("600"));
            await server.InterruptAsync();
        }

        await using var alone = ServerProcess.Launch(settings, "audit");
        Assert.That(await alone.WaitForEndAsync(), Is.Zero, alone.Output);
        Assert.That(alone.Output, Does.Contain("intact").And.Contain("600"));
    }

    [Test]
    public async Task Audit_ProcessIsKilledInTheMiddle_GoesOnWithTheNext()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = Settings(data, redis);
        settings["AUDIT_CPU_PERCENT"] = "1";
        Uri audit;
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            using var client = await server.LoginAsync("ada");
            await FillAsync(client, 6_000);
            audit = await StartAsync(client);
            using var second = await client.PostAsync(new Uri("/api/v1/audits", UriKind.Relative), content: null);
            var problem = await second.Content.ReadFromJsonAsync<JsonElement>();
            var before = await client.GetFromJsonAsync<JsonElement>(audit);
            await server.KillAsync();

            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("audit_running"));
            Assert.That(before.GetProperty("state").GetString(), Is.EqualTo("running"));
        }

        settings["AUDIT_CPU_PERCENT"] = "400";
        await using var next = await ServerProcess.StartAsync(settings);
        using var later = await next.LoginAsync("ada");
        var ended = await EndOfAsync(later, audit);
        Assert.That(ended.GetProperty("verdict").GetString(), Is.EqualTo("intact"), ended.ToString());
        Assert.That(ended.GetProperty("entries_checked").GetInt64(), Is.EqualTo(6_000));
    }

    internal static Dictionary<string, string> Settings(TempDirectory data, RedisServerProcess? redis) => new(StringComparer.Ordinal)
    {
        ["DATA_DIR"] = data.Path,
        ["REDIS_URL"] = redis?.Url ?? "",
        ["STORE_TIMEOUT_MS"] = "30000",
        ["AUDIT_CPU_PERCENT"] = "400",
    };

    /// <summary>Writes entries and waits until they are signed.</summary>
    internal static async Task FillAsync(HttpClient client, int count)
    {
        await client.FillAsync(Enumerable.Range(0, count).Select(i => new { query = $"SELECT {i}", status = "OK" }));
        await Eventually.BecomesTrueAsync(
            async () => (await client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("tree_size").GetInt64() == count, Patience);
    }

    internal static async Task<JsonElement> RunAsync(HttpClient client) => await EndOfAsync(client, await StartAsync(client));

    private static async Task<Uri> StartAsync(HttpClient client)
    {
        using var started = await client.PostAsync(new Uri("/api/v1/audits", UriKind.Relative), content: null);
        Assert.That(started.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        return new Uri(started.Headers.Location!.IsAbsoluteUri ? started.Headers.Location.AbsolutePath : started.Headers.Location.OriginalString, UriKind.Relative);
    }

    private static async Task<JsonElement> EndOfAsync(HttpClient client, Uri audit)
    {
        JsonElement now = default;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                now = await client.GetFromJsonAsync<JsonElement>(audit);
                return now.GetProperty("state").GetString() != "running";
            },
            Patience);
        return now;
    }
}
