using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogApi.Web.Commands;

/// <summary>The steps of <see cref="SmokeCommand"/>, in order; each builds on those before it.</summary>
internal sealed class SmokeTour : IAsyncDisposable
{
    private const int EntriesAtATime = 3;

    private static readonly string[] EntryFields = ["id", "user_id", "query", "status", "timestamp", "hash"];

    private readonly string _user = $"smoke-{Guid.NewGuid():N}"[..18];
    private readonly SmokeClient _client;
    private readonly List<JsonElement> _history = [];
    private readonly List<JsonElement> _live = [];
    private string? _token;
    private LiveSocket? _logs;
    private LiveSocket? _stream;

    public SmokeTour(Uri address)
    {
        _client = new SmokeClient(address);
        Steps =
        [
            ("log in", LogInAsync),
            ($"write {EntriesAtATime} entries", cancellationToken => WriteAsync(_history, cancellationToken)),
            ("verify each of them", cancellationToken => VerifyAsync(_history.Select(entry => Text(entry, "id")), cancellationToken)),
            ("/ws/logs gives them as history, newest first", ReadHistoryAsync),
            ("/ws/stream connects", ConnectStreamAsync),
            ($"write {EntriesAtATime} more", cancellationToken => WriteAsync(_live, cancellationToken)),
            ("/ws/logs gives those live, once and in order", cancellationToken => ReadLiveAsync(_logs!, cancellationToken)),
            ("/ws/stream gives those live, once and in order", cancellationToken => ReadLiveAsync(_stream!, cancellationToken)),
            ("both sockets close in order", CloseAsync),
            ($"write {EntriesAtATime} at once, send the same again, and verify them", WriteBatchAsync),
        ];
    }

    /// <summary>What to do, by name.</summary>
    public IReadOnlyList<(string Name, Func<CancellationToken, Task> RunAsync)> Steps { get; }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_logs is not null) await _logs.DisposeAsync();
        if (_stream is not null) await _stream.DisposeAsync();
    }

    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Post, "api/v1/login", new JsonObject { ["user_id"] = _user }, token: null, cancellationToken);
        Expect(Text(answer, "token_type") == "bearer", "token_type bearer", answer);
        Expect(Text(answer, "access_token") is { Length: >= 32 }, "an access_token of 32 characters or more", "a shorter one or none");
        _token = Text(answer, "access_token");
    }

    private async Task WriteAsync(List<JsonElement> entries, CancellationToken cancellationToken)
    {
        for (var i = 0; i < EntriesAtATime; i++)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"SELECT 'smoke | test', {_history.Count + _live.Count}");
            var entry = await _client.SendAsync(
                HttpMethod.Put, "api/v1/logs", new JsonObject { ["query"] = query, ["status"] = "SUCCESS" }, _token, cancellationToken);
            Expect(Text(entry, "user_id") == _user, $"user_id {_user}", entry);
            Expect(Text(entry, "query") == query, $"query {query}", entry);
            Expect(Text(entry, "status") == "SUCCESS", "status SUCCESS", entry);
            Expect(Guid.TryParse(Text(entry, "id"), out _), "a UUID as id", entry);
            Expect(Text(entry, "timestamp")?.EndsWith('Z') == true, "a UTC timestamp", entry);
            Expect(Text(entry, "hash") is { Length: 64 }, "a hash of 64 digits", entry);
            entries.Add(entry);
        }
    }

    private async Task WriteBatchAsync(CancellationToken cancellationToken)
    {
        var batch = new JsonArray([.. Enumerable.Range(0, EntriesAtATime)
            .Select(i => new JsonObject { ["query"] = $"SELECT 'smoke | batch', {i}", ["status"] = "SUCCESS" })]);
        var first = await _client.SendBatchAsync(batch, idempotencyKey: _user, _token, cancellationToken);
        var expected = $"\"accepted\":{EntriesAtATime},\"rejected\":0";
        Expect(first.GetRawText().Contains(expected, StringComparison.Ordinal), expected, first);
        Expect(first.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array, "an array as results", first);

        var again = await _client.SendBatchAsync(batch, idempotencyKey: _user, _token, cancellationToken);
        Expect(again.GetRawText() == first.GetRawText(), $"the same answer again, {first.GetRawText()}", again);
        await VerifyAsync(results.EnumerateArray().Select(result => Text(result, "id")), cancellationToken);
    }

    private async Task VerifyAsync(IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            var answer = await _client.SendAsync(HttpMethod.Get, $"api/v1/verify/{id}", body: null, token: null, cancellationToken);
            Expect(Text(answer, "log_id") == id, $"log_id {id}", answer);
            var valid = answer.TryGetProperty("verification", out var verification)
                && verification.TryGetProperty("valid", out var verdict) && verdict.ValueKind == JsonValueKind.True;
            Expect(valid, "valid true", answer);
            Expect(Text(verification, "verification_token") is { Length: 64 }, "a verification_token of 64 digits", answer);
        }
    }

    private async Task ReadHistoryAsync(CancellationToken cancellationToken)
    {
        _logs = await LiveSocket.ConnectAsync(_client.SocketAddress($"ws/logs?user_id={_user}&limit=50"), cancellationToken);
        var first = await _logs.ReceiveAsync(cancellationToken);
        Expect(Text(first, "type") == "logs_response", "a first message of type logs_response", first);
        Expect(first.TryGetProperty("logs", out var logs) && logs.ValueKind == JsonValueKind.Array, "an array as logs", first);
        var newestFirst = Enumerable.Reverse(_history).ToList();
        Expect(logs.GetArrayLength() == newestFirst.Count, $"{newestFirst.Count} entries", first);
        for (var i = 0; i < newestFirst.Count; i++) ExpectSame(newestFirst[i], logs[i]);
    }

    private async Task ConnectStreamAsync(CancellationToken cancellationToken) =>
        _stream = await LiveSocket.ConnectAsync(_client.SocketAddress($"ws/stream?user_id={_user}"), cancellationToken);

    private async Task ReadLiveAsync(LiveSocket socket, CancellationToken cancellationToken)
    {
        foreach (var written in _live) ExpectSame(written, await socket.ReceiveAsync(cancellationToken));
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _logs!.CloseAsync(cancellationToken);
        await _stream!.CloseAsync(cancellationToken);
    }

    private static void ExpectSame(JsonElement written, JsonElement received)
    {
        foreach (var field in EntryFields)
            Expect(Text(received, field) == Text(written, field), $"the entry with {field} {Text(written, field)}", received);
    }

    private static void Expect(bool met, string expected, JsonElement actual) => Expect(met, expected, actual.GetRawText());

    private static void Expect(bool met, string expected, string actual)
    {
        if (!met) throw new UnexpectedAnswerException(expected, actual);
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
