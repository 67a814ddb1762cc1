using System.Net.WebSockets;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests;

/// <summary>A client of a live endpoint that keeps every message it gets.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket;
    private readonly Lock _lock = new();
    private readonly List<JsonElement> _messages = [];
    private readonly Task _receiving;

    private LiveClient(ClientWebSocket socket)
    {
        _socket = socket;
        _receiving = ReceiveAsync();
    }

    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (_lock) return [.. _messages];
        }
    }

    /// <summary>The live entries, in the order they came.</summary>
    public IReadOnlyList<JsonElement> Entries => OfType("log");

    /// <summary>The numbers of the live entries, in the order they came.</summary>
    public IReadOnlyList<long> Sequences => [.. Entries.Select(entry => entry.GetProperty("seq").GetInt64())];

    /// <summary>The number of the newest live entry; -1 before there is one.</summary>
    public long Last => Sequences is [.., var last] ? last : -1;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <summary>Completes when the other side has closed or the connection has broken.</summary>
    public Task Ended => _receiving;

    public static async Task<LiveClient> ConnectAsync(ServerProcess server, string path)
    {
        var socket = new ClientWebSocket();
        var address = new UriBuilder(new Uri(server.Address, path)) { Scheme = "ws" }.Uri;
        using var bound = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(address, bound.Token);
        return new LiveClient(socket);
    }

    public IReadOnlyList<JsonElement> OfType(string type) =>
        [.. Messages.Where(message => message.GetProperty("type").GetString() == type)];

    /// <summary>Waits for the history that <c>/ws/logs</c> begins with.</summary>
    public async Task<JsonElement> HistoryAsync()
    {
        await Eventually.BecomesTrueAsync(() => OfType("logs_response").Count == 1, Patience);
        return OfType("logs_response")[0];
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) return;
                message.Write(buffer, 0, received.Count);
                if (!received.EndOfMessage) continue;
                var parsed = JsonDocument.Parse(message.ToArray()).RootElement;
                lock (_lock) _messages.Add(parsed);
                message.SetLength(0);
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of the connection, however it came; a test looks at the close status and at what was received.
        }
    }
}
