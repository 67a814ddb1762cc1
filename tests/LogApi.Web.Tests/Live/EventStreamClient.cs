using System.Net.ServerSentEvents;
using System.Text.Json;

namespace LogApi.Web.Tests.Live;

/// <summary>A client of the event stream, through the framework's parser.</summary>
internal sealed class EventStreamClient : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventStreamClient(HttpClient http, HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> events) =>
        (_http, _response, _events) = (http, response, events);

    public HttpResponseMessage Response => _response;

    /// <summary>The <c>id</c> of the last event.</summary>
    public string? LastEventId => _events.Current.EventId;

    public static async Task<EventStreamClient> ConnectAsync(LiveServer server, string query = "", string? lastEventId = null)
    {
        var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http, LiveServer.Stream + query));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(LiveClient.Patience);
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync());
        return new EventStreamClient(http, response, parser.EnumerateAsync().GetAsyncEnumerator());
    }

    /// <summary>Gives the next event, or nothing when the stream has ended.</summary>
    public async Task<SseItem<string>?> TryReceiveAsync() =>
        await _events.MoveNextAsync().AsTask().WaitAsync(LiveClient.Patience) ? _events.Current : null;

    /// <summary>Gives the next message.</summary>
    public async Task<JsonElement> ReceiveAsync()
    {
        var item = await TryReceiveAsync() ?? throw new AssertionException("the stream has ended");
        return JsonDocument.Parse(item.Data).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            await _events.DisposeAsync();
        }
        catch (IOException)
        {
            // The answer was cut above, which is how such a client leaves.
        }

        _http.Dispose();
    }
}
