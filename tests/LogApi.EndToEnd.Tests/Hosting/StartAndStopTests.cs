using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Hosting;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class StartAndStopTests(StoreKind kind)
{
    [Test]
    public async Task Start_AnyStore_SaysAddressDocsAndStore()
    {
        await using var service = await Service.StartAsync(kind);

        await Eventually.BecomesTrueAsync(() => service.Server.Output.Contains("Ctrl-C", StringComparison.Ordinal));

        var screen = service.Server.Output;
        Assert.That(screen, Does.Contain($"127.0.0.1:{service.Server.Address.Port}").And.Contain("/docs"));
        Assert.That(screen, Does.Contain(kind == StoreKind.Embedded ? "embedded" : "redis"));
        if (kind == StoreKind.Embedded) Assert.That(screen, Does.Contain("REDIS_URL=redis://"));
    }

    [Test]
    public async Task Interrupt_WithOpenSockets_ClosesThemWith1001AndEndsByItself()
    {
        await using var service = await Service.StartAsync(kind);
        await using var logs = await LiveClient.ConnectAsync(service.Server, "/ws/logs");
        await using var stream = await LiveClient.ConnectAsync(service.Server, "/ws/stream");
        await logs.HistoryAsync();

        var exitCode = await service.Server.InterruptAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await Task.WhenAll(logs.Ended, stream.Ended);

        Assert.That(exitCode, Is.Zero);
        Assert.That(logs.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
        Assert.That(stream.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
    }

    [Test]
    public async Task Interrupt_WithARequestThatNeverEnds_EndsInTimeAndInOrder()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        using var stalled = new TcpClient();
        await stalled.ConnectAsync(IPAddress.Loopback, service.Server.Address.Port);
        var head = $"PUT /api/v1/logs HTTP/1.1\r\nHost: a\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n";
        await stalled.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));

        // The service says 100 when it wants the body, of which it gets a part.
        await stalled.GetStream().ReadExactlyAsync(new byte[12]);
        await stalled.GetStream().WriteAsync("{\"query\": \"SEL"u8.ToArray());
        var started = Stopwatch.GetTimestamp();

        var exitCode = await service.Server.InterruptAsync();

        Assert.That(exitCode, Is.Zero, service.Server.Output);
        // It gives requests 4.25 s; the rest is for other tests that keep the machine busy.
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(service.Server.Output, Does.Not.Contain("xception"));
    }

    [Test]
    public async Task Interrupt_WhileWriting_AnswersEveryRequestItTookAndLosesNone()
    {
        await using var folder = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = folder.Path, ["REDIS_URL"] = redis?.Url ?? "" };
        await using var first = await ServerProcess.StartAsync(settings);
        using var client = await first.LoginAsync("ada");
        var writers = new Writers(client, count: 8);
        await Eventually.BecomesTrueAsync(() => writers.Acknowledged.Count > 100);

        await first.InterruptAsync();
        await writers.StopAsync();

        await using var second = await ServerProcess.StartAsync(settings);
        foreach (var id in writers.Acknowledged)
            Assert.That((await second.Client.VerifyAsync(id)).GetProperty("valid").GetBoolean(), id);
    }

    [Test]
    public async Task Kill_WhileWriting_KeepsEveryAcknowledgedEntryOnceAndInOrder()
    {
        await using var folder = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = folder.Path, ["REDIS_URL"] = redis?.Url ?? "" };
        var acknowledged = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            await using var server = await ServerProcess.StartAsync(settings);
            using var client = await server.LoginAsync("ada");
            var writers = new Writers(client, count: 8);
            await Eventually.BecomesTrueAsync(() => writers.Acknowledged.Count > 50 * (round + 1));
            await server.KillAsync();
            await writers.StopAsync();
            acknowledged.AddRange(writers.Acknowledged);
        }

        await using var last = await ServerProcess.StartAsync(settings);
        foreach (var id in acknowledged)
            Assert.That((await last.Client.VerifyAsync(id)).GetProperty("valid").GetBoolean(), id);
        await using var live = await LiveClient.ConnectAsync(last, "/ws/logs?limit=1000&user_id=ada");
        var history = (await live.HistoryAsync()).GetProperty("logs").EnumerateArray().ToList();
        Assert.That(history.Select(entry => entry.Seq()), Is.Ordered.Descending.And.Unique);
        Assert.That(history.Select(entry => entry.GetProperty("query").GetString()), Is.Unique);
    }

    [Test]
    public async Task Session_AfterARestart_StillWorks()
    {
        await using var folder = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string>
        {
            ["DATA_DIR"] = folder.Path,
            ["REDIS_URL"] = redis?.Url ?? "",
            ["PORT"] = FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        await using var first = await ServerProcess.StartAsync(settings);
        using var client = await first.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");
        await first.InterruptAsync();

        await using var second = await ServerProcess.StartAsync(settings);
        var next = await client.WriteAsync("SELECT 2");

        Assert.That(next.Seq(), Is.EqualTo(entry.Seq() + 1));
        Assert.That((await second.Client.VerifyAsync(entry.Id())).GetProperty("valid").GetBoolean());
    }
}

[Parallelizable(ParallelScope.All)]
public sealed class StartRefusalTests
{
    [TestCase("ACCESS_TOKEN_EXPIRE_MINUTES", "0")]
    [TestCase("ACCESS_TOKEN_EXPIRE_MINUTES", "soon")]
    [TestCase("REDIS_URL", "redis://")]
    [TestCase("CORS_ORIGINS", "not an origin")]
    public async Task Start_BadSetting_EndsWithOneLineThatNamesIt(string name, string value)
    {
        await using var server = ServerProcess.Launch(new Dictionary<string, string> { [name] = value });

        Assert.That(await server.WaitForEndAsync(), Is.EqualTo(1));
        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(lines, Has.Length.EqualTo(1), server.Output);
        Assert.That(lines[0], Does.Contain(name));
    }

    [TestCase("")]
    [TestCase("short")]
    [TestCase("your-secret-key-change-in-production")]
    public async Task Start_WeakSecretInProduction_IsRefused(string secret)
    {
        await using var server = ServerProcess.Launch(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["JWT_SECRET_KEY"] = secret,
        });

        Assert.That(await server.WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(server.Output, Does.Contain("JWT_SECRET_KEY"));
    }

    [Test]
    public async Task Start_DataFolderOfAnotherProcess_IsRefused()
    {
        await using var folder = new TempDirectory();
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = folder.Path };
        await using var first = await ServerProcess.StartAsync(settings);
        await using var second = ServerProcess.Launch(settings);

        Assert.That(await second.WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(second.Output, Does.Contain(folder.Path));
        using var client = await first.LoginAsync("ada");
        await client.WriteAsync("SELECT 1");
    }

    [Test]
    public async Task Start_RedisThatEvicts_IsRefused()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        await using var redis = await RedisServerProcess.StartAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        await using var server = ServerProcess.Launch(new Dictionary<string, string> { ["REDIS_URL"] = redis.Url });

        Assert.That(await server.WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(server.Output, Does.Contain("noeviction"));
    }

    [Test]
    public async Task Start_RedisThatIsDown_ServesAndRecoversOnceItIsUp()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        await using var redis = await RedisServerProcess.StartAsync();
        await redis.KillAsync();
        await using var server = ServerProcess.Launch(new Dictionary<string, string> { ["REDIS_URL"] = redis.Url });
        await Eventually.BecomesTrueAsync(() => IsLiveAsync(server), TimeSpan.FromSeconds(20));
        using var notReady = await server.Client.GetAsync("/health/ready");
        Assert.That(notReady.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        await redis.RestartAsync();

        await Eventually.BecomesTrueAsync(server.IsReadyAsync, TimeSpan.FromSeconds(20));
        using var client = await server.LoginAsync("ada");
        await client.WriteAsync("SELECT 1");
    }

    private static async Task<bool> IsLiveAsync(ServerProcess server)
    {
        try
        {
            using var response = await server.Client.GetAsync("/health/live");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
