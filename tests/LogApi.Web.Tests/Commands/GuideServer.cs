using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LogApi.Web.Tests.Commands;

/// <summary>
/// Answers like the usage guide says, on a free port, and breaks one promise of it when told to: what a client like the smoke
/// test must notice.
/// </summary>
internal sealed class GuideServer : IAsyncDisposable
{
    private readonly List<string> _entries = [];
    private readonly Dictionary<string, string> _batches = new(StringComparer.Ordinal);
    private readonly List<Channel<string>> _sockets = [];
    private readonly Lock _gate = new();
    private readonly string _fault;
    private readonly WebApplication _app;

    private GuideServer(string fault)
    {
        _fault = fault;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.Single();

    public static async Task<GuideServer> StartAsync(string fault = "")
    {
        var server = new GuideServer(fault);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var (status, body) = (path, _fault) switch
        {
            ("/ws/logs", "no socket") => (404, "{}"),
            ("/ws/logs" or "/ws/stream", _) => (101, ""),
            ("/health/ready", "not ready") => (503, """{"code":"store_unavailable"}"""),
            ("/health/ready" or "/health/live", _) => (200, """{"status":"ready"}"""),
            ("/api/v1/login", "login is down") => (503, """{"title":"down"}"""),
            ("/api/v1/login", "login is a page") => (200, "<html>"),
            ("/api/v1/login", _) => (200, LogIn(await BodyAsync(http))),
            ("/api/v1/logs/batch", _) => (200, AppendAll(http, (await JsonSerializer.DeserializeAsync<JsonArray>(http.Request.Body))!)),
            ("/api/v1/logs", _) => (200, Append(http, await BodyAsync(http))),
            _ => (200, Verdict(path.Split('/')[^1])),
        };
        if (status == 101)
        {
            await ServeAsync(http, withHistory: path == "/ws/logs");
            return;
        }

        http.Response.StatusCode = status;
        await http.Response.WriteAsync(body);
    }

    // The token carries its user, so there is no table of sessions.
    private static string LogIn(JsonObject body) =>
        $$"""{"access_token":"{{body["user_id"]}}-{{new string('t', 32)}}","token_type":"bearer"}""";

    private string Append(HttpContext http, JsonObject body)
    {
        var entry = new JsonObject
        {
            ["id"] = Guid.CreateVersion7().ToString(),
            ["user_id"] = http.Request.Headers.Authorization.ToString()["Bearer ".Length..][..^33],
            ["query"] = _fault == "query changed" ? "x" : body["query"]!.GetValue<string>(),
            ["status"] = body["status"]!.GetValue<string>(),
            ["timestamp"] = "2026-03-01T00:00:00.000000Z",
            ["hash"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        }.ToJsonString();
        lock (_gate)
        {
            _entries.Add(entry);
            foreach (var socket in _sockets) Announce(socket.Writer, entry);
        }

        return entry;
    }

    private string AppendAll(HttpContext http, JsonArray items)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (_fault != "batch twice" && _batches.TryGetValue(key, out var known)) return known;
        var results = items.Select((_, i) => $"{{\"index\":{i},\"status\":200,\"id\":\"{Guid.CreateVersion7()}\"}}");
        return _batches[key] = _fault == "batch rejected"
            ? """{"accepted":2,"rejected":1,"results":[]}"""
            : $"{{\"accepted\":{items.Count},\"rejected\":0,\"results\":[{string.Join(',', results)}]}}";
    }

    private void Announce(ChannelWriter<string> socket, string entry)
    {
        socket.TryWrite("""{"type":"heartbeat","timestamp":"x","active_connections":1}""");
        if (_fault == "live lost" && _entries.Count == 5) return;
        socket.TryWrite(_fault == "live changed" ? entry.Replace("SUCCESS", "FAILURE", StringComparison.Ordinal) : entry);
        if (_fault == "live twice") socket.TryWrite(entry);
        if (_fault == "closed") socket.TryComplete();
    }

    private string Verdict(string id) => _fault switch
    {
        "invalid" => Verdict(id, "false", "null"),
        "no token" => Verdict(id, "true", "null"),
        "other id" => Verdict("x", "true", "null"),
        _ => Verdict(id, "true", $"\"{new string('0', 64)}\""),
    };

    private static string Verdict(string id, string valid, string token) =>
        $"{{\"log_id\":\"{id}\",\"verification\":{{\"valid\":{valid},\"verification_token\":{token},\"error\":null}}}}";

    private async Task ServeAsync(HttpContext http, bool withHistory)
    {
        var queue = Channel.CreateUnbounded<string>();
        lock (_gate)
        {
            _sockets.Add(queue);
            if (withHistory) queue.Writer.TryWrite(History());
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var reading = EndWithClientAsync(socket, queue.Writer);
        await foreach (var message in queue.Reader.ReadAllAsync(http.RequestAborted))
            await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, http.RequestAborted);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "over", http.RequestAborted);
        await reading;
    }

    private static async Task EndWithClientAsync(WebSocket socket, ChannelWriter<string> queue)
    {
        try
        {
            await socket.ReceiveAsync(new byte[100], CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // A client that found a fault goes without a close.
        }

        queue.TryComplete();
    }

    private string History()
    {
        var logs = Enumerable.Reverse(_entries);
        if (_fault == "history oldest first") logs = _entries;
        if (_fault == "history short") logs = logs.Skip(1);
        var type = _fault == "history untyped" ? "other" : "logs_response";
        return $"{{\"type\":\"{type}\",\"logs\":[{string.Join(',', logs)}]}}";
    }

    private static async Task<JsonObject> BodyAsync(HttpContext http) =>
        (await JsonSerializer.DeserializeAsync<JsonObject>(http.Request.Body))!;
}
