using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Logs;

/// <summary>The store goes away, in every way it can, while clients write and watch.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OutageTests
{
    [TestCase("killed")]
    [TestCase("hanging")]
    public async Task AnyCall_StoreIsAway_IsA503ProblemInTimeAndWorksAgainLater(string way)
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");
        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/logs");
        await live.HistoryAsync();
        if (way == "killed") await service.Redis.KillAsync();
        else service.Redis.Pause();

        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(
            client.PutAsJsonAsync("/api/v1/logs", new { query = "SELECT 2", status = "SUCCESS" }),
            service.Server.Client.GetAsync($"/api/v1/verify/{entry.Id()}"),
            service.Server.Client.PostAsJsonAsync("/api/v1/login", new { user_id = "bob" }),
            service.Server.Client.SendAsync(Handshake("/ws/logs")),
            service.Server.Client.GetAsync("/health/ready"));
        var took = Stopwatch.GetElapsedTime(started);
        foreach (var answer in answers)
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), $"{answer.RequestMessage!.RequestUri}");
            Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(answer.Headers.RetryAfter, Is.Not.Null);
        }

        // 2 s are promised; the rest is for a machine that is busy with other tests.
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(6)));
        if (way == "killed") await service.Redis.RestartAsync();
        else service.Redis.Resume();
        await Eventually.BecomesTrueAsync(service.Server.IsReadyAsync, TimeSpan.FromSeconds(20));
        var after = await client.WriteAsync("SELECT 3");
        await Eventually.BecomesTrueAsync(() => live.Sequences.Contains(after.Seq()), TimeSpan.FromSeconds(20));
        Assert.That(live.Sequences, Is.Ordered.Ascending.And.Unique);
    }

    [Test]
    public async Task Export_StoreIsKilledMidway_DoesNotPassForAWholeFile()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        await client.FillAsync(Enumerable.Range(0, 1500).Select(i => new { query = new string('q', 30_000), status = "OK" }));
        using var response = await service.Server.Client.GetAsync("/api/v1/logs/export?format=csv", HttpCompletionOption.ResponseHeadersRead);
        await service.Redis.KillAsync();

        await Assert.ThatAsync(response.Content.ReadAsStringAsync, Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
        await Eventually.BecomesTrueAsync(() => service.Server.Output.Contains("An export broke off", StringComparison.Ordinal));
    }

    [Test]
    public async Task Write_RedisIsKilledAndRestartedTwice_KeepsEachAcknowledgedEntryOnceAndNoneTwice()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/stream");
        var writers = new Writers(client, count: 8);
        for (var round = 1; round <= 2; round++)
        {
            var enough = writers.Acknowledged.Count + 100;
            await Eventually.BecomesTrueAsync(() => writers.Acknowledged.Count > enough, TimeSpan.FromSeconds(30));
            await service.Redis.KillAsync();
            var refused = writers.Refusals.Count;
            await Eventually.BecomesTrueAsync(() => writers.Refusals.Count > refused, TimeSpan.FromSeconds(30));
            await service.Redis.RestartAsync();
        }

        var last = writers.Acknowledged.Count + 100;
        await Eventually.BecomesTrueAsync(() => writers.Acknowledged.Count > last, TimeSpan.FromSeconds(30));
        await writers.StopAsync();

        Assert.That(writers.Refusals, Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
        var end = writers.Entries.Max(entry => entry.Seq());
        await Eventually.BecomesTrueAsync(() => live.Last >= end, TimeSpan.FromSeconds(30));
        var seen = live.Entries;
        Assert.That(seen.Select(entry => entry.Seq()), Is.EqualTo(Enumerable.Range(0, seen.Count).Select(i => (long)i)));
        Assert.That(seen.Select(entry => entry.GetProperty("query").GetString()), Is.Unique);
        Assert.That(writers.Acknowledged, Is.SubsetOf(seen.Select(entry => entry.Id())));
    }

    /// <summary>The opening handshake of RFC 6455, section 4.1, sent by hand to see the answer when it is not 101.</summary>
    private static HttpRequestMessage Handshake(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(Guid.NewGuid().ToByteArray()));
        return request;
    }

    [Test]
    public async Task Write_TwoProcessesOnOneRedis_LeaveNoHoleAndNoDuplicate()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        await using var second = await service.StartAnotherAsync();
        using var client = await service.Server.LoginAsync("ada");
        using var otherClient = await second.LoginAsync("bob");
        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/stream");
        await using var otherLive = await LiveClient.ConnectAsync(second, "/ws/stream");

        var writers = new[] { new Writers(client, count: 6), new Writers(otherClient, count: 6) };
        await Eventually.BecomesTrueAsync(() => writers.All(one => one.Acknowledged.Count > 400), TimeSpan.FromSeconds(30));
        await Task.WhenAll(writers.Select(one => one.StopAsync()));

        var written = writers.SelectMany(one => one.Entries).Select(entry => entry.Seq()).Order().ToList();
        Assert.That(written, Is.EqualTo(Enumerable.Range(0, written.Count).Select(i => (long)i)));
        foreach (var client2 in new[] { live, otherLive })
        {
            await Eventually.BecomesTrueAsync(() => client2.Sequences.Count >= written.Count, TimeSpan.FromSeconds(20));
            Assert.That(client2.Sequences, Is.EqualTo(written));
        }
    }
}
