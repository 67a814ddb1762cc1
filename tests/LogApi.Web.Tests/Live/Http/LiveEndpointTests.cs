using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using LogApi.Testing;
using LogApi.Web.Live;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LogApi.Web.Tests.Live.Http;

[Parallelizable(ParallelScope.All)]
public sealed class LiveEndpointTests
{
    [Test]
    public async Task Logs_Connect_SendsTheHistoryNewestFirstAndThenLiveEntries()
    {
        await using var server = await LiveServer.StartAsync();
        var entries = Some.Entries(5);
        server.Log.Append(entries);
        using var client = await server.ConnectAsync("/ws/logs?limit=2&offset=1");

        var history = await client.ReceiveAsync();
        Assert.That(history.ToString(), Is.EqualTo(
            $$$"""{"type":"logs_response","user_filter":null,"limit":2,"offset":1,"count":2,"logs":[{{{Element(3, entries[3])}}},{{{Element(2, entries[2])}}}],"epoch":"epoch1","seq":4,"next_cursor":"{{{history.GetProperty("next_cursor").GetString()}}}"}"""));

        var newest = Some.Entry();
        server.Log.Append(newest);
        var live = await client.ReceiveAsync();
        Assert.That(live.ToString(), Is.EqualTo("""{"type":"log",""" + Element(5, newest)[1..]));
    }

    [Test]
    public async Task Logs_NoParameters_HaveTheDefaults()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/logs");
        var history = await client.ReceiveAsync();
        Assert.That(history.ToString(), Is.EqualTo(
            """{"type":"logs_response","user_filter":null,"limit":100,"offset":0,"count":0,"logs":[],"epoch":"epoch1","seq":-1,"next_cursor":null}"""));
    }

    [Test]
    public async Task Logs_UserFilter_HoldsForHistoryAndLiveEntries()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entry("anna"), Some.Entry("bob"));
        using var client = await server.ConnectAsync("/ws/logs?user_id=anna");
        var history = await client.ReceiveAsync();
        Assert.That(history.GetProperty("user_filter").GetString(), Is.EqualTo("anna"));
        Assert.That(history.GetProperty("logs").EnumerateArray().Select(SeqOf), Is.EqualTo(new long[] { 0 }));

        server.Log.Append(Some.Entry("bob"), Some.Entry("anna"), Some.Entry("anna2"), Some.Entry("anna"));
        Assert.That(await client.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 3, 5 }));
    }

    [Test]
    public async Task Stream_Connect_SendsLiveEntriesOnly()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        using var all = await server.ConnectAsync("/ws/stream");
        using var one = await server.ConnectAsync("/ws/stream?user_id=z%C3%B6e%20%22x%22");
        server.Log.Append(Some.Entry("bob"), Some.Entry("zöe \"x\""));
        Assert.That(await all.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(await one.ReceiveSeqAsync(), Is.EqualTo(4));
    }

    [Test]
    public async Task Logs_WhileEntriesAreWritten_HistoryAndLiveJoinWithoutASeam()
    {
        const int Total = 4_000;
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 1_000 });
        server.Log.Append(Some.Entries(20));
        var writing = Task.Run(async () =>
        {
            while (server.Log.Next < Total)
            {
                server.Log.Append(Some.Entries(10, "u"));
                await Task.Delay(1);
            }

            server.Log.Append(Some.Entry("last"));
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            await Task.Delay(i * 10);
            using var client = await server.ConnectAsync("/ws/logs?limit=1000");
            var history = (await client.ReceiveAsync()).GetProperty("logs").EnumerateArray().Select(SeqOf).Reverse().ToList();
            var expected = history[0];
            foreach (var seq in history) Assert.That(seq, Is.EqualTo(expected++));
            JsonElement message;
            do
            {
                message = await client.ReceiveAsync();
                Assert.That(SeqOf(message), Is.EqualTo(expected++));
            }
            while (message.GetProperty("user_id").GetString() != "last");
        }));
        await writing;
    }

    [Test]
    public async Task Logs_LargeHistory_ComesInPiecesOfOneMessage()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append([.. Enumerable.Range(0, 60).Select(i => Some.Entry(query: $"{i}" + new string('\u0001', 20_000)))]);
        using var client = await server.ConnectAsync("/ws/logs");
        var history = await client.ReceiveAsync();
        Assert.That(client.Pieces, Is.GreaterThan(10));
        Assert.That(history.GetProperty("logs").EnumerateArray().Select(SeqOf), Is.EqualTo(Enumerable.Range(0, 60).Reverse().Select(i => (long)i)));
    }

    [Test]
    public async Task Logs_RecordGoneFromTheStore_IsNamedInItsPlace()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        server.Log.Lose(1);
        using var client = await server.ConnectAsync("/ws/logs");
        var logs = (await client.ReceiveAsync()).GetProperty("logs");
        Assert.That(logs[0].GetProperty("seq").GetInt64(), Is.EqualTo(2));
        Assert.That(logs[1].GetProperty("type").GetString(), Is.EqualTo("gap"));
        Assert.That(logs[1].GetProperty("from").GetInt64(), Is.EqualTo(1));
        Assert.That(logs[1].GetProperty("to").GetInt64(), Is.EqualTo(1));
        Assert.That(logs[2].GetProperty("seq").GetInt64(), Is.Zero);
    }

    [TestCase("limit=0", "limit")]
    [TestCase("limit=1001", "limit")]
    [TestCase("limit=", "limit")]
    [TestCase("limit=ten", "limit")]
    [TestCase("limit=1.5", "limit")]
    [TestCase("limit=99999999999", "limit")]
    [TestCase("limit=1&limit=2", "limit")]
    [TestCase("offset=-1", "offset")]
    [TestCase("offset=x", "offset")]
    [TestCase("user_id=a&offset=10001", "offset")]
    [TestCase("user_id=", "user_id")]
    [TestCase("user_id=a|b", "user_id")]
    [TestCase("user_id=a&user_id=b", "user_id")]
    [TestCase("status=a|b", "status")]
    [TestCase("q=", "q")]
    [TestCase("attr.=x", "attr.")]
    [TestCase("q=x&offset=10001", "offset")]
    [TestCase("batch=yes", "batch")]
    [TestCase("after=", "after")]
    [TestCase("after=epoch1", "after")]
    [TestCase("after=epoch1-", "after")]
    [TestCase("after=epoch1--2", "after")]
    [TestCase("after=ep%20och-1", "after")]
    [TestCase("after=epoch1-9223372036854775807", "after")]
    public async Task Logs_BadParameter_IsAProblemOfThatFieldBeforeTheUpgrade(string query, string field)
    {
        await using var server = await LiveServer.StartAsync();
        using var response = await AskAsync(server, "/ws/logs?" + query);
        var problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").EnumerateObject().Select(error => error.Name), Is.EqualTo(new[] { field }));
    }

    [Test]
    public async Task Stream_BadUserId_IsAProblem()
    {
        await using var server = await LiveServer.StartAsync();
        using var response = await AskAsync(server, "/ws/stream?user_id=%07");
        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Test]
    public async Task Get_WithoutAnUpgrade_IsTold()
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(server.Http, "/ws/stream"));
        await AssertProblemAsync(response, HttpStatusCode.UpgradeRequired, "upgrade_required");
        Assert.That(response.Headers.Upgrade.ToString(), Is.EqualTo("websocket"));
        Assert.That(response.Headers.Connection, Does.Contain("Upgrade"));
    }

    [Test]
    public async Task Post_LivePath_IsNotAllowed()
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(server.Http, "/ws/logs"), content: null);
        await AssertProblemAsync(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.That(response.Content.Headers.Allow, Is.EqualTo(new[] { "GET" }));
    }

    [TestCase("https://app.example.com", HttpStatusCode.SwitchingProtocols)]
    [TestCase("https://evil.example.com", HttpStatusCode.Forbidden)]
    [TestCase(null, HttpStatusCode.SwitchingProtocols)]
    [TestCase("own", HttpStatusCode.SwitchingProtocols)]
    public async Task Connect_Origin_IsHeldAgainstTheSetting(string? origin, HttpStatusCode expected)
    {
        await using var server = await LiveServer.StartAsync(origins: "https://app.example.com");
        using var response = await AskAsync(server, "/ws/stream", origin == "own" ? server.Http.GetLeftPart(UriPartial.Authority) : origin);
        Assert.That(response.StatusCode, Is.EqualTo(expected));
        if (expected == HttpStatusCode.Forbidden) await AssertProblemAsync(response, expected, "origin_not_allowed");
    }

    [Test]
    public async Task Connect_AtTheLimit_IsRefusedUntilOneLeaves()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { MaxConnections = 1 });
        using (var client = await server.ConnectAsync("/ws/stream"))
        {
            using var response = await AskAsync(server, "/ws/stream");
            await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "too_many_connections");
            await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }

        await Eventually.BecomesTrueAsync(async () =>
        {
            using var response = await AskAsync(server, "/ws/stream");
            return response.StatusCode == HttpStatusCode.SwitchingProtocols;
        });
    }

    [Test]
    public async Task Logs_StoreDown_IsAProblemThatSaysWhenToTryAgain()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.IsDown = true;
        using var response = await AskAsync(server, "/ws/logs");
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task Stream_OverHttp2_IsServedAlike()
    {
        await using var server = await LiveServer.StartAsync(protocols: HttpProtocols.Http2);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        await socket.ConnectAsync(server.Address("/ws/stream"), invoker, CancellationToken.None).WaitAsync(LiveClient.Patience);
        using var client = new LiveClient(socket);
        server.Log.Append(Some.Entries(3));
        Assert.That(await client.ReceiveSeqsAsync(3), Is.EqualTo(new long[] { 0, 1, 2 }));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(LiveClient.Patience);
        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    private static long SeqOf(JsonElement entry) => entry.GetProperty("seq").GetInt64();

    private static string Element(long seq, Domain.Entries.LogEntry entry) =>
        $$"""{"seq":{{seq}},""" + System.Text.Encoding.UTF8.GetString(Domain.Entries.EntryRecord.Encode(entry))[1..];

    // ClientWebSocket does not show the answer that refuses it, so this asks for the upgrade by hand.
    private static async Task<HttpResponseMessage> AskAsync(LiveServer server, string pathAndQuery, string? origin = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http, pathAndQuery));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(LiveClient.Patience);
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
        return problem;
    }
}
