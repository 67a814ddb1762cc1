using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>Writes entries of many kinds, one or several at a time, to whichever process there is, and goes on when that fails.</summary>
internal sealed class LiveWriter : IAsyncDisposable
{
    private static readonly string[] Users = ["ada", "bob", "cy"];
    private static readonly string[] Statuses = ["OK", "OK", "OK", "ERROR", "DENIED"];

    private readonly ConcurrentQueue<Guid> _acknowledged = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Random, Uri> _server;
    private readonly Random _random;
    private readonly TimeSpan _pause;
    private Dictionary<string, string> _tokens = [];
    private Task _writing = Task.CompletedTask;

    /// <param name="server">Gives a process to write to.</param>
    /// <param name="seed">What its moves follow from.</param>
    /// <param name="pause">How long it rests between two requests.</param>
    public LiveWriter(Func<Random, Uri> server, int seed, TimeSpan pause) => (_server, _random, _pause) = (server, new Random(seed), pause);

    /// <summary>The entries that were answered as stored.</summary>
    public IReadOnlyCollection<Guid> Acknowledged => _acknowledged;

    /// <summary>How often it did not get an answer, or not the right one.</summary>
    public int Failures { get; private set; }

    /// <summary>Logs its users in and begins to write.</summary>
    public async Task StartAsync()
    {
        foreach (var user in Users)
        {
            using var response = await _client.PostAsJsonAsync(new Uri(_server(_random), "/api/v1/login"), new { user_id = user });
            response.EnsureSuccessStatusCode();
            _tokens[user] = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
        }

        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Writes so many long entries at once.</summary>
    public async Task BurstAsync(int count)
    {
        var entries = Enumerable.Range(0, count).Select(object (i) => new { query = $"burst {i} " + new string('y', 20_000), status = "OK" }).ToList();
        while (await TrySendAsync(Users[1], entries) is null) await Task.Delay(_pause);
    }

    /// <summary>Ends it and, behind everything, stores one entry more that every filter of <see cref="LivePlans"/> lets through.</summary>
    /// <returns>The number of that one.</returns>
    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        while (true)
        {
            if (await TrySendAsync("ada", [new { query = "needle, the last one", status = "ERROR", attributes = new { part = "2" } }]) is { } results) return results[0].Seq();
            await Task.Delay(_pause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        _client.Dispose();
    }

    private async Task WriteAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var entries = Enumerable.Range(0, _random.Next(4) > 0 ? _random.Next(1, 4) : _random.Next(10, 40)).Select(_ => Make()).ToList();
            if (await TrySendAsync(Users[_random.Next(Users.Length)], entries) is null) Failures++;
            await Task.Delay(_pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private object Make() => new
    {
        query = (_random.Next(5) == 0 ? "needle " : "SELECT ") + new string('x', _random.Next(20) == 0 ? 8_000 : _random.Next(300)),
        status = Statuses[_random.Next(Statuses.Length)],
        attributes = new Dictionary<string, string> { ["part"] = "1234"[_random.Next(4)].ToString() },
    };

    private async Task<List<JsonElement>?> TrySendAsync(string user, List<object> entries)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server(_random), "/api/v1/logs/batch"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens[user]);
            request.Content = new StringContent(string.Join('\n', entries.Select(entry => JsonSerializer.Serialize(entry))));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await _client.SendAsync(request);
            if (response.StatusCode == HttpStatusCode.Unauthorized) throw new InvalidOperationException("A session is gone.");
            if (!response.IsSuccessStatusCode) return null;
            var results = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray()
                .Where(result => result.GetProperty("status").GetInt32() == (int)HttpStatusCode.OK).ToList();
            foreach (var result in results) _acknowledged.Enqueue(result.GetProperty("id").GetGuid());
            return results.Count == entries.Count ? results : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException)
        {
            // The process is gone, or the store: whether the entries are stored is seen in the end.
            return null;
        }
    }
}
