using System.Buffers;
using System.Net.WebSockets;

namespace LogApi.Web.Live.Connections;

/// <summary>Reads what a client sends. All of it but its close is ignored; reading is what answers pings and sees it leave.</summary>
internal static class ClientReader
{
    private const int BufferBytes = 1024;

    /// <summary>Reads until the client closes, and gives its close code.</summary>
    /// <param name="socket">The client's socket.</param>
    /// <param name="limit">How many bytes a message may have.</param>
    /// <param name="onTooBig">Called once when a message has more. Reading goes on, for the client's answer to a close.</param>
    public static async Task<WebSocketCloseStatus?> RunAsync(WebSocket socket, int limit, Action onTooBig)
    {
        var messageBytes = 0L;
        while (true)
        {
            // An idle client is waited for without a buffer.
            var result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (result.MessageType != WebSocketMessageType.Close && !result.EndOfMessage)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
                result = await socket.ReceiveAsync(buffer.AsMemory(0, BufferBytes), CancellationToken.None);
                ArrayPool<byte>.Shared.Return(buffer);
            }

            if (result.MessageType == WebSocketMessageType.Close) return socket.CloseStatus;
            if (messageBytes <= limit && messageBytes + result.Count > limit) onTooBig();
            messageBytes = result.EndOfMessage ? 0 : messageBytes + result.Count;
        }
    }
}
