using System.Net;
using System.Text;
using System.Text.Json;
using LogApi.Testing;
using LogApi.Web.Live;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class EventConnectionTests
{
    [Test]
    public async Task Events_Connect_AreTheMessagesOfAWebSocketWithTheirPlaceAsId()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        await using var events = await EventStreamClient.ConnectAsync(server);
        using var socket = await server.ConnectAsync("/ws/stream");
        Assert.That(events.Response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(events.Response.Headers.CacheControl!.NoStore);

        server.Log.Append(Some.Entry(query: "line\nbreak\r\nand \u2028"), Some.Entry());
        for (var seq = 3; seq <= 4; seq++)
        {
            var item = (await events.TryReceiveAsync())!.Value;
            Assert.That(item.Data, Is.EqualTo((await socket.ReceiveAsync()).ToString()));
            Assert.That(item.EventType, Is.EqualTo("message"));
            Assert.That(item.EventId, Is.EqualTo($"epoch1-{seq}"));
        }
    }

    [Test]
    public async Task Events_WithLimit_BeginWithTheHistory()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(5));
        await using var events = await EventStreamClient.ConnectAsync(server, "?limit=2");
        using var socket = await server.ConnectAsync("/ws/logs?limit=2");
        Assert.That((await events.ReceiveAsync()).ToString(), Is.EqualTo((await socket.ReceiveAsync()).ToString()));
        Assert.That(events.LastEventId, Is.EqualTo("epoch1-4"));
    }

    [Test]
    public async Task Events_LastEventId_GoOnFromThereWhateverTheAddressSays()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16 });
        server.Log.Append(Some.Entries(100));
        await using var events = await EventStreamClient.ConnectAsync(server, "?limit=5&after=epoch1-2", lastEventId: "epoch1-49");
        Assert.That((await events.ReceiveAsync()).ToString(), Is.EqualTo("""{"type":"resumed","recovered":true,"epoch":"epoch1","seq":49}"""));
        for (var seq = 50; seq < 100; seq++)
        {
            Assert.That((await events.ReceiveAsync()).GetProperty("seq").GetInt64(), Is.EqualTo(seq));
            Assert.That(events.LastEventId, Is.EqualTo($"epoch1-{seq}"));
        }
    }

    [Test]
    public async Task Events_Batched_HaveTheLastPlaceAsId()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16 });
        server.Log.Append(Some.Entries(100));
        await using var events = await EventStreamClient.ConnectAsync(server, "?batch=1&after=epoch1-1");
        await events.ReceiveAsync();
        var next = 2L;
        while (next < 100)
        {
            var message = await events.ReceiveAsync();
            if (message.GetProperty("type").GetString() == "heartbeat") continue;
            var logs = message.TryGetProperty("logs", out var several) ? several.EnumerateArray().ToArray() : [message];
            foreach (var entry in logs) Assert.That(entry.GetProperty("seq").GetInt64(), Is.EqualTo(next++));
            Assert.That(events.LastEventId, Is.EqualTo($"epoch1-{next - 1}"));
        }
    }

    [Test]
    public async Task Events_ServerStops_EndWithWhereAndWhenToGoOn()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        await using var events = await EventStreamClient.ConnectAsync(server, "?after=now");
        await events.ReceiveAsync();
        var stopping = server.StopAsync();
        var last = (await events.TryReceiveAsync())!.Value;
        Assert.That(await events.TryReceiveAsync(), Is.Null);
        await stopping.WaitAsync(LiveClient.Patience);

        var close = JsonDocument.Parse(last.Data).RootElement;
        Assert.That(last.EventType, Is.EqualTo("close"));
        Assert.That(last.EventId, Is.EqualTo("epoch1-2"));
        Assert.That(close.GetProperty("code").GetInt32(), Is.EqualTo(1001));
        Assert.That(close.GetProperty("after").GetString(), Is.EqualTo("epoch1-2"));
        Assert.That(last.ReconnectionInterval, Is.EqualTo(TimeSpan.FromMilliseconds(close.GetProperty("retry_ms").GetInt32())));
    }

    [Test]
    public async Task Events_Connect_SayWhereTheyAreBeforeTheFirstMessage()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        using var http = new HttpClient();
        using var lines = new StreamReader(await http.GetStreamAsync(new Uri(server.Http, LiveServer.Stream)));
        Assert.That(await lines.ReadLineAsync().WaitAsync(LiveClient.Patience), Is.EqualTo("id: epoch1-2"));
        Assert.That(await lines.ReadLineAsync().WaitAsync(LiveClient.Patience), Is.Empty);
    }

    [Test]
    public async Task Events_ServerStopsInsideTheHistory_AreCutOffInsideItSoThatItIsAskedForAgain()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append([.. Enumerable.Range(0, 400).Select(_ => Some.Entry(query: new string('x', 60_000)))]);
        using var http = new HttpClient();
        using var body = new StreamReader(await http.GetStreamAsync(new Uri(server.Http, LiveServer.Stream + "?limit=400")));
        var text = new StringBuilder();
        var buffer = new char[100_000];
        text.Append(buffer, 0, await body.ReadAsync(buffer));
        await server.StopAsync().WaitAsync(LiveClient.Patience);
        try
        {
            while (await body.ReadAsync(buffer).AsTask().WaitAsync(LiveClient.Patience) is > 0 and var count) text.Append(buffer, 0, count);
        }
        catch (IOException)
        {
            // It is cut off, and not ended.
            text.Append("cut");
        }

        Assert.That(text.ToString(), Does.EndWith("cut").And.Not.Contains("event: close").And.Not.Contains("\n\n"));
    }

    [Test]
    public async Task Events_ClientLeaves_IsNotCountedAnyMore()
    {
        await using var server = await LiveServer.StartAsync();
        await using (await EventStreamClient.ConnectAsync(server))
            await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 1);
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 0);
    }

    [Test]
    public async Task Events_ClientThatNeverReads_IsCut()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { StallSeconds = 1 });
        await using var stalled = await EventStreamClient.ConnectAsync(server);
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 1);
        for (var i = 0; i < 400; i++) server.Log.Append(Some.Entry(query: new string('x', 60_000)));
        await Eventually.BecomesTrueAsync(() => server.Log.LastReported == 0);
    }

    [TestCase("?status=a|b", "status")]
    [TestCase("?limit=1001", "limit")]
    [TestCase("?batch=2", "batch")]
    [TestCase("?after=nonsense", "after")]
    public async Task Events_BadParameter_IsAProblem(string query, string field)
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(server.Http, LiveServer.Stream + query));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [Test]
    public async Task Events_ForeignPage_IsRefused()
    {
        await using var server = await LiveServer.StartAsync(origins: "https://app.example.com");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http, LiveServer.Stream));
        request.Headers.Add("Origin", "https://evil.example.com");
        using var response = await http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
}
