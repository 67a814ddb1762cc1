using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace LogApi.Web.Commands;

/// <summary>A WebSocket of a service, as a client sees it.</summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    private LiveSocket()
    {
    }

    /// <summary>Connects.</summary>
    /// <exception cref="WebSocketException">The service refused.</exception>
    public static async Task<LiveSocket> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var live = new LiveSocket();
        try
        {
            await live._socket.ConnectAsync(address, cancellationToken);
            return live;
        }
        catch
        {
            await live.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the next message that is not a heartbeat.</summary>
    /// <exception cref="UnexpectedAnswerException">The service closed, or the message is not JSON.</exception>
    public async Task<JsonElement> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = SmokeClient.Parse(await ReceiveTextAsync(cancellationToken));
            var isHeartbeat = message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("heartbeat");
            if (!isHeartbeat) return message;
        }
    }

    /// <summary>Closes, and waits for the service to agree.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) =>
        _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReceiveTextAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new UnexpectedAnswerException("a message", $"close {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            message.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage) return Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
        }
    }
}
