using System.Buffers.Binary;

namespace LogApi.Web.Live.Frames;

/// <summary>Goes through whole, unmasked WebSocket messages that lie one behind the other.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> frames)
{
    private ReadOnlySpan<byte> _rest = frames;

    /// <summary>The current message's payload.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Goes to the next message.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        var (header, length) = _rest[1] switch
        {
            126 => (4, BinaryPrimitives.ReadUInt16BigEndian(_rest[2..])),
            127 => (WebSocketFrame.MaxHeaderBytes, checked((int)BinaryPrimitives.ReadUInt64BigEndian(_rest[2..]))),
            var few => (2, few),
        };
        Payload = _rest.Slice(header, length);
        _rest = _rest[(header + length)..];
        return true;
    }
}
