using System.IO.Compression;
using LogApi.Testing;
using static LogApi.EndToEnd.Tests.Logs.BatchCalls;

namespace LogApi.EndToEnd.Tests.Logs;

/// <summary>Many entries at once, and batches that are sent again after whatever may happen to them.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class BatchTests(StoreKind kind)
{
    [Test]
    public async Task Batch_LinesPacked_AreStoredInOrderVerifiedAndLive()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/stream");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) await gzip.WriteAsync(Body());
        using var content = Content(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await client.PostAsync("/api/v1/logs/batch", content);

        var results = await ResultsAsync(response);
        Assert.That(results.Select(result => result.Seq()), Is.EqualTo(Enumerable.Range(0, Count)));
        await Eventually.BecomesTrueAsync(() => live.Last == Count - 1, Patience);
        Assert.That(live.Entries.Select(entry => entry.GetProperty("query").GetString()), Is.EqualTo(Enumerable.Range(0, Count).Select(Query)));
        Assert.That(live.Entries.Select(entry => entry.Id()), Is.EqualTo(results.Select(result => result.Id())));
        foreach (var at in new[] { 0, Count / 2, Count - 1 })
            Assert.That((await client.VerifyAsync(results[at].Id())).GetProperty("valid").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Batch_ProcessIsKilledMidway_TheRetryGoesOnWhereItEnded()
    {
        await using var data = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["DATA_DIR"] = data.Path, ["REDIS_URL"] = redis?.Url ?? "" };
        HaltedBody body = new(Body());
        await using (var first = await ServerProcess.StartAsync(settings))
        {
            await using var live = await LiveClient.ConnectAsync(first, "/ws/stream");
            using var client = await first.LoginAsync("ada");
            var sending = client.SendAsync(Request(body, "key"));
            await Eventually.BecomesTrueAsync(() => live.Last > 0, Patience);
            await first.KillAsync();
            body.SendTheRest();
            await Assert.ThatAsync(() => sending, Throws.InstanceOf<HttpRequestException>());
        }

        await using var second = await ServerProcess.StartAsync(settings);
        using var again = await second.LoginAsync("ada");
        var retry = await SendUntilAnsweredAsync(again, "key");
        var replay = await SendUntilAnsweredAsync(again, "key");

        Assert.That(retry.Results.Select(result => result.Seq()), Is.EqualTo(Enumerable.Range(0, Count)));
        Assert.That(retry.Results.Select(result => result.Id()), Is.Unique);
        Assert.That(retry.IsReplay, Is.False);
        Assert.That(replay.IsReplay, Is.True);
        Assert.That(replay.Text, Is.EqualTo(retry.Text));
        var next = await again.WriteAsync("SELECT 'next'");
        Assert.That(next.Seq(), Is.EqualTo(Count), "nothing is in the log twice");
    }
}
