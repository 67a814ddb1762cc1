using System.Buffers;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// Writes one message of any length through one buffer. On a WebSocket what fits goes as one frame, what does not as fragments
/// (RFC 6455, section 5.4), between which nothing but control frames may be sent; on an event stream pieces just follow each other.
/// </summary>
internal sealed class MessageWriter
{
    private readonly ClientWriter _client;
    private readonly MessageFraming _framing;
    private readonly byte[] _buffer;
    private readonly int _bufferBytes;
    private readonly int _room;
    private int _used;
    private byte _opcode = WebSocketFrame.Text;

    public MessageWriter(ClientWriter client, MessageFraming framing, LiveCursor at, int bufferBytes)
    {
        (_client, _framing, _bufferBytes) = (client, framing, bufferBytes);
        _room = framing.HasPieces ? WebSocketFrame.MaxHeaderBytes : 0;
        var start = framing.Start(at);
        _buffer = ArrayPool<byte>.Shared.Rent(bufferBytes + _room + start.Length);
        start.CopyTo(_buffer, _room);
        _used = _room + start.Length;
    }

    /// <summary>Adds to the message.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> text)
    {
        while (true)
        {
            var room = Math.Min(_bufferBytes, _client.WriteBytes) + _room - _used;
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
        await AppendAsync(_framing.End());
        await SendAsync(WebSocketFrame.Final);
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask SendAsync(byte final)
    {
        // The header's length follows from the payload's, so it is written right-aligned in the room before it.
        var payload = _used - _room;
        var start = _room;
        if (_framing.HasPieces)
        {
            start -= WebSocketFrame.HeaderBytes(payload);
            WebSocketFrame.WriteHeader(_buffer.AsSpan(start), (byte)(final | _opcode), payload);
        }

        await _client.WriteAsync(_buffer.AsMemory(start, _used - start));
        _opcode = WebSocketFrame.Continuation;
        _used = _room;
    }
}
