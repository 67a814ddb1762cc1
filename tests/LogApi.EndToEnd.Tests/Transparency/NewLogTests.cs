using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>A store that lost what was signed: the service says so and refuses, and goes on once the operator has started a new log.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class NewLogTests(StoreKind kind)
{
    private const string NewName = "logs.example.org/second";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task NewLog_StoreIsEmptied_LetsTheServiceGoOnAndTellsWhy()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = data.Path,
            ["REDIS_URL"] = redis?.Url ?? "",
            ["LOG_ORIGIN"] = "logs.example.org/first",
        };
        await using (var first = await ServerProcess.StartAsync(settings))
        {
            using var client = await first.LoginAsync("ada");
            for (var i = 0; i < 5; i++) await client.WriteAsync($"SELECT {i}");
            await Eventually.BecomesTrueAsync(() => SignedSizes(data).Contains("5"), Patience);
            if (redis is not null)
            {
                await EmptyAsync(redis);
                await AssertRefusesAsync(first, client);
            }

            await first.InterruptAsync();
        }

        if (redis is null) Directory.Delete(data.Combine("store/data"), recursive: true);
        settings["LOG_ORIGIN"] = NewName;
        await using var command = ServerProcess.Launch(settings, "new-log", "--reason", "somebody emptied the store");
        Assert.That(await command.WaitForEndAsync(), Is.Zero, command.Output);
        Assert.That(command.Output, Does.Contain($"started anew as {NewName}").And.Contains("logs.example.org/first, ended with 5 signed entries"));

        await using var second = await ServerProcess.StartAsync(settings);
        using var later = await second.LoginAsync("ada");
        var entry = await later.WriteAsync("SELECT 'after'");
        Assert.That(entry.Seq(), Is.EqualTo(1));
        var told = (await later.SearchAsync("status=NEW_LOG")).Single();
        Assert.That(told.GetProperty("user_id").GetString(), Is.EqualTo("logapi:operator"));
        Assert.That(told.GetProperty("attributes").GetProperty("reason").GetString(), Is.EqualTo("somebody emptied the store"));
        await Eventually.BecomesTrueAsync(() => SignedSizes(data).Contains("2"), Patience, "the new log is signed");
    }

    [Test]
    public async Task NewLog_WithoutANameOfItsOwn_EndsWithOneAndChangesNothing()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = data.Path,
            ["REDIS_URL"] = redis?.Url ?? "",
        };
        await using (var service = await ServerProcess.StartAsync(settings))
        {
            using var client = await service.LoginAsync("ada");
            await client.WriteAsync("SELECT 1");
            await Eventually.BecomesTrueAsync(() => SignedSizes(data).Contains("1"), Patience);
            await service.InterruptAsync();
        }

        await using var command = ServerProcess.Launch(settings, "new-log", "--reason", "none");

        Assert.That(await command.WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(command.Output, Does.Contain("a new one needs another LOG_ORIGIN"));
        await using var again = await ServerProcess.StartAsync(settings);
    }

    private static async Task AssertRefusesAsync(ServerProcess server, HttpClient client)
    {
        await using var live = await LiveClient.ConnectAsync(server, "/ws/stream");
        await Eventually.BecomesTrueAsync(async () => !await server.IsReadyAsync(), Patience);
        using var ready = await server.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var problem = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("integrity"));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("5 entries"));

        // The session went with the store.
        using var anew = await server.LoginAsync("ada");
        using var write = await anew.PutAsJsonAsync("/api/v1/logs", new { query = "SELECT 1", status = "OK" });
        Assert.That((await write.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo("integrity"));
        await Eventually.BecomesTrueAsync(() => server.Output.Contains("Nothing is signed any more", StringComparison.Ordinal), Patience);
        await Eventually.BecomesTrueAsync(() => live.OfType("integrity").Count > 0, Patience);
    }

    private static async Task EmptyAsync(RedisServerProcess redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    /// <summary>The second lines of the checkpoints that are kept.</summary>
    private static List<string> SignedSizes(TempDirectory data)
    {
        var folder = data.Combine("checkpoints");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.GetFiles(folder, "*.signed").Select(file => File.ReadAllLines(file)[1])];
    }
}
