using System.Diagnostics;
using System.Net.WebSockets;
using LogApi.Testing;
using LogApi.Web.Live;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class LiveConnectionTests
{
    [Test]
    public async Task Client_Closes_IsAnsweredWithItsCode()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream");
        await client.Socket.CloseAsync((WebSocketCloseStatus)4321, "enough", CancellationToken.None).WaitAsync(LiveClient.Patience);
        Assert.That((int)client.Socket.CloseStatus!, Is.EqualTo(4321));
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 0);
    }

    [Test]
    public async Task Client_Closes_GetsTheAnswerBeforeAnOrderlyEnd()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        server.Log.Append(Some.Entries(100));

        // 1000, masked with zeros.
        await client.SendAsync([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]);
        var (frames, cut) = await client.ReadToEndAsync();
        Assert.That(frames[^1].Opcode, Is.EqualTo(8));
        Assert.That(frames[^1].CloseCode, Is.EqualTo(1000));
        Assert.That(cut, Is.False);
    }

    [Test]
    public async Task Client_BreaksTheProtocol_IsCut()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 1);

        // A client must mask what it sends.
        await client.SendAsync([0x81, 0x06, .. "unmask"u8]);
        await client.ReadToEndAsync();
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 0);
    }

    [Test]
    public async Task Client_Vanishes_IsForgotten()
    {
        await using var server = await LiveServer.StartAsync();
        var client = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 1);
        client.Dispose();
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 0);
    }

    [Test]
    public async Task Client_Talks_IsIgnored()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream");
        for (var i = 0; i < 10; i++)
            await client.Socket.SendAsync(new byte[4096], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        server.Log.Append(Some.Entry());
        Assert.That(await client.ReceiveSeqAsync(), Is.Zero);
    }

    [Test]
    public async Task Client_SendsMoreThanItMay_IsClosedWith1009()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream");
        await client.Socket.SendAsync(new byte[4000], WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await client.Socket.SendAsync(new byte[97], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        var (code, reason) = await client.ReceiveCloseAsync();
        Assert.That(code, Is.EqualTo(1009));
        Assert.That(reason, Does.Contain("4096"));
    }

    [Test]
    public async Task Client_Pings_GetsPongsBetweenWholeFrames()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++) server.Log.Append(Some.Entry());
        });
        for (var i = 0; i < 50; i++) await client.SendAsync([0x89, 0x84, 0, 0, 0, 0, (byte)'p', (byte)'i', (byte)'n', (byte)'g']);
        await writing;
        server.Log.Append(Some.Entry("last"));
        var pongs = 0;
        var next = 0L;
        foreach (var frame in await client.ReadUntilAsync(
            frame => frame.Opcode == 1 && frame.Json.GetProperty("user_id").GetString() == "last"))
        {
            if (frame.Opcode == 10) pongs++;
            else Assert.That(frame.Seq, Is.EqualTo(next++));
        }

        while (pongs < 50)
        {
            await client.ReadUntilAsync(frame => frame.Opcode == 10);
            pongs++;
        }

        Assert.That(next, Is.EqualTo(2_001));
    }

    [Test]
    public async Task Client_DoesNotAnswerPings_IsCut()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { PingSeconds = 1, PingTimeoutSeconds = 1 });
        using var client = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        using var answering = await server.ConnectAsync("/ws/stream");
        var receiving = answering.ReceiveSeqAsync();
        var (frames, _) = await client.ReadToEndAsync();
        Assert.That(frames.Select(frame => frame.Opcode), Does.Contain(9));
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 1);

        server.Log.Append(Some.Entry());
        Assert.That(await receiving, Is.Zero, "the one that answers stays");
    }

    [Test]
    public async Task Client_IsSilentButForPongs_IsPingedAgainAndStays()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { PingSeconds = 1, PingTimeoutSeconds = 1 });
        using var client = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        for (var i = 0; i < 4; i++)
        {
            var ping = (await client.ReadUntilAsync(frame => frame.Opcode == 9))[^1];
            Assert.That(ping.Payload, Is.Empty);
            await client.SendAsync([0x8A, 0x80, 0, 0, 0, 0]);
        }

        server.Log.Append(Some.Entry());
        Assert.That((await client.ReadUntilAsync(frame => frame.Opcode == 1))[^1].Seq, Is.Zero);
    }

    [Test]
    public async Task Server_Stops_ClosesEveryoneWith1001WithinItsTime()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream");
        using var silent = await RawClient.ConnectAsync(server.EndPoint, "/ws/stream");
        var closing = client.ReceiveCloseAsync();
        var started = Stopwatch.GetTimestamp();
        var stopping = server.StopAsync();
        var (code, reason) = await closing;
        Assert.That(code, Is.EqualTo(1001));
        Assert.That(reason, Does.Match(@"^the server is stopping; after=epoch1--1; retry_ms=\d+$"));
        await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await stopping.WaitAsync(LiveClient.Patience);

        // The silent one never answers the close: it is cut after 2 s.
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That((await silent.ReadToEndAsync()).Frames[^1].CloseCode, Is.EqualTo(1001));
        Assert.That(server.Log.LastReported, Is.Zero);
    }

    [Test]
    public async Task Heartbeat_IsSentToEveryoneWithTheCountOverAllProcesses()
    {
        var log = new FakeLog { OtherConnections = 40 };
        await using var server = await LiveServer.StartAsync(new LiveOptions { HeartbeatSeconds = 1 }, log);
        using var first = await server.ConnectAsync("/ws/stream");
        using var second = await server.ConnectAsync("/ws/stream?user_id=nobody");
        foreach (var client in new[] { first, second })
        {
            var beat = await client.ReceiveAsync();
            while (beat.GetProperty("active_connections").GetInt64() != 42) beat = await client.ReceiveAsync();
            Assert.That(beat.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "type", "timestamp", "active_connections", "epoch", "seq" }));
            Assert.That(beat.GetProperty("type").GetString(), Is.EqualTo("heartbeat"));
            Assert.That(beat.GetProperty("timestamp").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"));
        }
    }

    [Test]
    public async Task Heartbeat_StoreDown_GoesOnWithTheLastKnownCountOfTheOthers()
    {
        var log = new FakeLog { OtherConnections = 40 };
        await using var server = await LiveServer.StartAsync(new LiveOptions { HeartbeatSeconds = 1 }, log);
        await Eventually.BecomesTrueAsync(() => log.LastReported == 0);
        log.IsDown = true;
        using var client = await server.ConnectAsync("/ws/stream");
        Assert.That((await client.ReceiveAsync()).GetProperty("active_connections").GetInt64(), Is.EqualTo(41));
        Assert.That((await client.ReceiveAsync()).GetProperty("active_connections").GetInt64(), Is.EqualTo(41));
    }

    [Test]
    public async Task Log_StartedAnew_IsSaidAndFollowedFromItsFirstEntry()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        using var client = await server.ConnectAsync("/ws/stream");
        server.Log.Append(Some.Entry());
        Assert.That(await client.ReceiveSeqAsync(), Is.EqualTo(3));
        server.Log.StartAnew("epoch2");
        server.Log.Append(Some.Entries(2));
        var gap = await client.ReceiveAsync();
        Assert.That(gap.ToString(), Is.EqualTo("""{"type":"gap","from":4,"to":null,"reason":"the log was started anew","epoch":"epoch2","seq":-1}"""));
        Assert.That(await client.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 0, 1 }));
    }
}
