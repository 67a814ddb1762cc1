using System.Buffers;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// Writes one text message of any length through one buffer: what fits goes as one frame, what does not as fragments
/// (RFC 6455, section 5.4). Nothing but control frames may be sent in between.
/// </summary>
internal sealed class MessageWriter(ClientWriter client, int bufferBytes)
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(bufferBytes + WebSocketFrame.MaxHeaderBytes);
    private int _used = WebSocketFrame.MaxHeaderBytes;
    private byte _opcode = WebSocketFrame.Text;

    /// <summary>Adds to the message.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> text)
    {
        while (true)
        {
            var room = Math.Min(bufferBytes, client.WriteBytes) + WebSocketFrame.MaxHeaderBytes - _used;
            var fits = Math.Clamp(room, 0, text.Length);
            text.Span[..fits].CopyTo(_buffer.AsSpan(_used));
            _used += fits;
            text = text[fits..];
            if (text.IsEmpty) return;
            await SendAsync(final: 0);
        }
    }

    /// <summary>Ends the message. Without it the buffer is left to the collector, since a write of it may be under way.</summary>
    public async ValueTask EndAsync()
    {
        await SendAsync(WebSocketFrame.Final);
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask SendAsync(byte final)
    {
        // The header's length follows from the payload's, so it is written right-aligned in the room before it.
        var payload = _used - WebSocketFrame.MaxHeaderBytes;
        var start = WebSocketFrame.MaxHeaderBytes - WebSocketFrame.HeaderBytes(payload);
        WebSocketFrame.WriteHeader(_buffer.AsSpan(start), (byte)(final | _opcode), payload);
        await client.WriteAsync(_buffer.AsMemory(start, _used - start));
        _opcode = WebSocketFrame.Continuation;
        _used = WebSocketFrame.MaxHeaderBytes;
    }
}
