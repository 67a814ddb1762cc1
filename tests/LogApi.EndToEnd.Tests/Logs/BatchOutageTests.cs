using System.Net;
using LogApi.Testing;
using static LogApi.EndToEnd.Tests.Logs.BatchCalls;

namespace LogApi.EndToEnd.Tests.Logs;

/// <summary>Batches over several processes on one Redis, and while it is away.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BatchOutageTests
{
    [Test]
    public async Task Batch_UnderWayInAnotherProcess_IsRefusedThenReplayed()
    {
        await using var redis = await Service.StartRedisAsync();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["REDIS_URL"] = redis.Url };
        Service.AddSecrets(settings);
        await using var one = await ServerProcess.StartAsync(settings);
        await using var other = await ServerProcess.StartAsync(settings);
        using var client = await one.LoginAsync("ada");
        using var otherClient = await other.LoginAsync("ada");
        await using var live = await LiveClient.ConnectAsync(one, "/ws/stream");
        HaltedBody body = new(Body());
        var sending = client.SendAsync(Request(body, "key"));
        await Eventually.BecomesTrueAsync(() => live.Last > 0, Patience);

        using var meanwhile = await otherClient.SendAsync(Request(Content(Body()), "key"));
        body.SendTheRest();
        using var first = await sending;
        using var replay = await otherClient.SendAsync(Request(Content(Body()), "\"key\""));
        using var otherBody = await otherClient.SendAsync(Request(Content("{}"u8.ToArray()), "key"));

        Assert.That(meanwhile.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await CodeAsync(meanwhile), Is.EqualTo("request_in_progress"));
        Assert.That(meanwhile.Headers.RetryAfter, Is.Not.Null);
        Assert.That(await replay.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(replay.Headers.GetValues("Idempotency-Replayed"), Is.EqualTo(new[] { "true" }));
        Assert.That(otherBody.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await CodeAsync(otherBody), Is.EqualTo("idempotency_key_reused"));
        Assert.That((await client.WriteAsync("SELECT 'next'")).Seq(), Is.EqualTo(Count));
    }

    [TestCase("not stored")]
    [TestCase("stored, but the answers are lost")]
    public async Task Batch_StoreFailsMidway_TheRetryStoresTheRestOnce(string failure)
    {
        await using var redis = await Service.StartRedisAsync();
        await using var proxy = new TcpProxy(redis.Port);
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["REDIS_URL"] = "redis://" + proxy.EndPoint, ["STORE_TIMEOUT_MS"] = "500" });
        using var client = await server.LoginAsync("ada");
        await using var live = await LiveClient.ConnectAsync(server, "/ws/stream");
        HaltedBody body = new(Body());
        var sending = client.SendAsync(Request(body, "key"));
        await Eventually.BecomesTrueAsync(() => live.Last > 0, Patience);
        var storedBefore = live.Last + 1;
        if (failure == "not stored") proxy.GoDown();
        else proxy.DropReplies = true;
        body.SendTheRest();
        using var first = await sending;
        if (failure == "not stored") proxy.AcceptConnections();
        else
        {
            // What is left of a broken stream of replies is of no use.
            proxy.DropReplies = false;
            proxy.CutConnections();
        }

        await Eventually.BecomesTrueAsync(server.IsReadyAsync, Patience);

        var retry = await SendUntilAnsweredAsync(client, "key");

        var statuses = (await ResultsAsync(first)).Select(result => result.GetProperty("status").GetInt32()).ToList();
        Assert.That(statuses, Has.Count.EqualTo(Count));
        Assert.That(statuses.Count(status => status == 200), Is.InRange(storedBefore / 2, Count - 1));
        Assert.That(statuses.Where(status => status != 200), Is.All.EqualTo(503));
        Assert.That(retry.Results.Select(result => result.Seq()), Is.EqualTo(Enumerable.Range(0, Count)));
        Assert.That((await client.WriteAsync("SELECT 'next'")).Seq(), Is.EqualTo(Count));
    }
}
