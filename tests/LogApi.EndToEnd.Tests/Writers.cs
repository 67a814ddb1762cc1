using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests;

/// <summary>Clients that write without a pause, each entry with a query of its own, until they are stopped.</summary>
internal sealed class Writers
{
    private readonly ConcurrentQueue<JsonElement> _entries = new();
    private readonly ConcurrentQueue<HttpStatusCode> _refusals = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private long _attempts;

    public Writers(HttpClient client, int count) =>
        _writing = Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => WriteAsync(client))));

    /// <summary>The ids of the entries that were answered 200.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _entries.Select(entry => entry.Id())];

    /// <summary>The entries that were answered 200.</summary>
    public IReadOnlyCollection<JsonElement> Entries => _entries;

    /// <summary>The other answers.</summary>
    public IReadOnlyCollection<HttpStatusCode> Refusals => _refusals;

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    private async Task WriteAsync(HttpClient client)
    {
        while (!_stop.IsCancellationRequested)
        {
            var query = $"SELECT {Interlocked.Increment(ref _attempts)} FROM {Guid.NewGuid():N}";
            try
            {
                using var response = await client.PutAsJsonAsync("/api/v1/logs", new { query, status = "SUCCESS" });
                if (response.IsSuccessStatusCode) _entries.Enqueue(await response.Content.ReadFromJsonAsync<JsonElement>());
                else _refusals.Enqueue(response.StatusCode);
            }
            catch (HttpRequestException)
            {
                // The server is gone, as the tests that use this make it go: the entry was not acknowledged.
                return;
            }
        }
    }
}
