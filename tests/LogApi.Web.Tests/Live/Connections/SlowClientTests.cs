using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LogApi.Testing;
using LogApi.Web.Live;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class SlowClientTests
{
    // More than all buffers between the server and a client that does not read, in entries of 60 KB.
    private const int Flood = 400;

    private const int StalledEvent = 4003;

    [Test]
    public async Task Stalled_Client_IsClosedWithTheFirstEntryItDidNotGetAndNobodyElseNotices()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { StallSeconds = 3 });
        using var stalled = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        using var healthy = await server.ConnectAsync("/ws/stream");
        for (var i = 0; i < Flood; i++)
        {
            server.Log.Append(Large());
            Assert.That(await healthy.ReceiveSeqAsync(), Is.EqualTo(i));
        }

        // Reads on only after it was given up.
        await Eventually.BecomesTrueAsync(() => server.LoggedEvents.Contains(StalledEvent));
        var frames = await stalled.ReadUntilAsync(frame => frame.Opcode == 8);
        var close = frames[^1];
        var seqs = frames.SkipLast(1).Where(frame => frame.Opcode == 1).Select(frame => frame.Seq).ToList();
        Assert.That(close.CloseCode, Is.EqualTo(1013));
        Assert.That(seqs, Is.EqualTo(Enumerable.Range(0, seqs.Count).Select(i => (long)i)), "what it got has no hole");
        Assert.That(close.CloseReason, Does.Match(@"; after=epoch1-\d+; retry_ms=\d+$"));
        var after = close.CloseReason.Split("after=epoch1-")[1].Split(';')[0];
        Assert.That(long.Parse(after, CultureInfo.InvariantCulture), Is.LessThan(seqs.Count), "it may resume there and miss nothing");
        Assert.That(seqs, Has.Count.LessThan(Flood));

        server.Log.Append(Some.Entry());
        Assert.That(await healthy.ReceiveSeqAsync(), Is.EqualTo(Flood));
    }

    [Test]
    public async Task Stalled_PingWaitsBehindWhatTheClientDidNotRead_IsNotHeldAgainstIt()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { StallSeconds = 9, PingSeconds = 5, PingTimeoutSeconds = 1 });
        using var stalled = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        for (var i = 0; i < Flood; i++) server.Log.Append(Large());

        await Eventually.BecomesTrueAsync(() => server.LoggedEvents.Contains(StalledEvent), TimeSpan.FromSeconds(30));
        var frames = await stalled.ReadUntilAsync(frame => frame.Opcode == 8);
        Assert.That(frames[^1].CloseCode, Is.EqualTo(1013));
    }

    [Test]
    public async Task Stalled_ClientThatNeverReads_IsCut()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { StallSeconds = 1 });
        using var stalled = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        for (var i = 0; i < Flood; i++) server.Log.Append(Large());
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 1);
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 0);
    }

    [Test]
    public async Task Stalled_ServerStops_IsCutWithinTheTimeForAClose()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { StallSeconds = 6, CloseSeconds = 1 });
        using var stalled = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        for (var i = 0; i < Flood; i++) server.Log.Append(Large());
        await Eventually.BecomesTrueAsync(() => server.LoggedEvents.Contains(StalledEvent), TimeSpan.FromSeconds(20));

        var started = Stopwatch.GetTimestamp();
        await server.StopAsync().WaitAsync(LiveClient.Patience);

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task Overrun_StoreHasTheEntries_TheyAreReadBackWithoutAHole()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16, StallSeconds = 60 });
        using var slow = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        for (var i = 0; i < Flood; i++) server.Log.Append(Large());
        var frames = await slow.ReadUntilAsync(frame => frame.Seq == Flood - 1);
        Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(Enumerable.Range(0, Flood).Select(i => (long)i)));
        Assert.That(server.Log.Reads, Is.GreaterThan(1), "the ring alone could not have had them all");
    }

    [Test]
    public async Task Overrun_WithFilter_GivesOnlyWhatTheFilterLets()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16, StallSeconds = 60 });
        using var slow = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream?user_id=even");
        for (var i = 0; i < Flood; i++) server.Log.Append(Large(i % 2 == 0 ? "even" : "odd"));
        server.Log.Append(Some.Entry("even"));
        var frames = await slow.ReadUntilAsync(frame => frame.Seq == Flood);
        Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(Enumerable.Range(0, (Flood / 2) + 1).Select(i => (long)i * 2)));
    }

    [Test]
    public async Task Overrun_BeyondTheEffort_IsToldWhatIsMissing()
    {
        await using var server = await LiveServer.StartAsync(
            new LiveOptions { RingEntries = 16, BackfillEntries = 20, StallSeconds = 60 });
        using var slow = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        for (var i = 0; i < Flood; i++) server.Log.Append(Large());
        var expected = 0L;
        var lagged = 0;
        foreach (var frame in await slow.ReadUntilAsync(frame => frame.Type == "log" && frame.Seq == Flood - 1))
        {
            if (frame.Type == "lagged")
            {
                lagged++;
                Assert.That(frame.Json.GetProperty("from").GetInt64(), Is.EqualTo(expected), "no hole before what it is told");
                expected = frame.Json.GetProperty("to").GetInt64() + 1;
            }
            else
            {
                Assert.That(frame.Seq, Is.EqualTo(expected++), "no hole but what it is told");
            }
        }

        Assert.That(lagged, Is.GreaterThan(0));
    }

    [Test]
    public async Task Overrun_StoreAway_WaitsAndGoesOnWhenItReturns()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream");
        server.Log.AppendUnseen(Some.Entries(10));
        server.Log.IsDown = true;
        server.Log.AnnounceEnd();
        server.Log.Append(Some.Entry());
        var receiving = client.ReceiveSeqsAsync(11);
        await Task.Delay(400);
        Assert.That(receiving.IsCompleted, Is.False);
        server.Log.IsDown = false;
        Assert.That(await receiving, Is.EqualTo(Enumerable.Range(0, 11).Select(i => (long)i)));
    }

    [TestCase("/ws/stream")]
    [TestCase("/ws/stream?batch=1")]
    public async Task Overrun_StoreAway_GetsHeartbeatsAndThenEveryEntryOnce(string path)
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { HeartbeatSeconds = 1 });
        using var client = await StartReadBackAsync(server, path);

        for (var beats = 0; beats < 2;)
        {
            var beat = await client.ReceiveAsync();
            if (beat.GetProperty("type").GetString() != "heartbeat") continue;
            Assert.That(beat.GetProperty("seq").GetInt64(), Is.EqualTo(2));
            beats++;
        }

        server.Log.IsDown = false;
        server.Log.Append(Some.Entries(2));
        var seqs = new List<long>();
        while (seqs.Count < 12) seqs.AddRange(SeqsOf(await client.ReceiveAsync()));
        Assert.That(seqs, Is.EqualTo(Enumerable.Range(3, 12).Select(i => (long)i)));
    }

    [Test]
    public async Task Overrun_LogSetBackMeanwhile_IsSaidAndFollowed()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await StartReadBackAsync(server);
        var receiving = client.ReceiveAsync();

        // The client is being read for from 3 on, where the new log has nothing.
        server.Log.StartAnew("epoch2");
        server.Log.IsDown = false;
        Assert.That((await receiving).ToString(), Is.EqualTo("""{"type":"gap","from":3,"to":null,"reason":"the log was started anew","epoch":"epoch2","seq":-1}"""));
        server.Log.Append(Some.Entries(2));
        Assert.That(await client.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public async Task Overrun_LogStartedAnewAndGrownMeanwhile_GivesNothingOfItUnderTheOldNumbers()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await StartReadBackAsync(server);
        var receiving = client.ReceiveAsync();

        // The client is being read for from 3 on, where there are entries of another log before the feed has heard of it.
        server.Log.StartAnewUnseen("epoch2", Some.Entries(20));
        server.Log.IsDown = false;
        var reads = server.Log.RangeReads;
        await Eventually.BecomesTrueAsync(() => server.Log.RangeReads > reads + 1);
        Assert.That(receiving.IsCompleted, Is.False);

        server.Log.AnnounceEnd();
        var gap = await receiving;
        Assert.That(gap.GetProperty("type").GetString(), Is.EqualTo("gap"));
        Assert.That(gap.GetProperty("epoch").GetString(), Is.EqualTo("epoch2"));
        Assert.That(await client.ReceiveSeqsAsync(20), Is.EqualTo(Enumerable.Range(0, 20).Select(i => (long)i)));
    }

    /// <summary>Connects a client that has to be read for from 3 to 12, while the store is away.</summary>
    private static async Task<LiveClient> StartReadBackAsync(LiveServer server, string path = "/ws/stream")
    {
        server.Log.Append(Some.Entries(3));
        var client = await server.ConnectAsync(path);
        server.Log.IsDown = true;
        server.Log.AppendUnseen(Some.Entries(10));
        server.Log.AnnounceEnd();
        await Eventually.BecomesTrueAsync(() => server.Log.RangeReads > 0);
        return client;
    }

    private static IEnumerable<long> SeqsOf(JsonElement message) => message.GetProperty("type").GetString() switch
    {
        "log" => [message.GetProperty("seq").GetInt64()],
        "logs_batch" => [.. message.GetProperty("logs").EnumerateArray().Select(log => log.GetProperty("seq").GetInt64())],
        _ => [],
    };

    private static Domain.Entries.LogEntry Large(string user = "u") => Some.Entry(user, new string('x', 60_000));
}
