using System.Buffers.Binary;
using System.Text;

namespace LogApi.Web.Live.Frames;

/// <summary>
/// Makes WebSocket frames as a server sends them: unmasked, so that one frame is the same bytes for every client
/// (RFC 6455, section 5.2).
/// </summary>
internal static class WebSocketFrame
{
    public const byte Continuation = 0x0;
    public const byte Text = 0x1;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;

    /// <summary>The bit of the first byte that marks the last frame of a message.</summary>
    public const byte Final = 0x80;

    /// <summary>The longest header of an unmasked frame.</summary>
    public const int MaxHeaderBytes = 10;

    // A control frame carries at most 125 bytes, two of which are the close code.
    private const int MaxReasonBytes = 123;

    /// <summary>How many bytes the header of a frame with this much payload has.</summary>
    public static int HeaderBytes(int payloadBytes) => payloadBytes switch
    {
        < 126 => 2,
        <= ushort.MaxValue => 4,
        _ => MaxHeaderBytes,
    };

    /// <summary>Writes a header and gives its length.</summary>
    /// <param name="target">Room for <see cref="HeaderBytes"/>.</param>
    /// <param name="firstByte">The opcode, with <see cref="Final"/> or without.</param>
    /// <param name="payloadBytes">How much payload follows.</param>
    public static int WriteHeader(Span<byte> target, byte firstByte, int payloadBytes)
    {
        target[0] = firstByte;
        var length = HeaderBytes(payloadBytes);
        switch (length)
        {
            case 2:
                target[1] = (byte)payloadBytes;
                break;
            case 4:
                target[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payloadBytes);
                break;
            default:
                target[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)payloadBytes);
                break;
        }

        return length;
    }

    /// <summary>A ping without a payload (RFC 6455, section 5.5.2).</summary>
    public static ReadOnlyMemory<byte> OfPing { get; } = new byte[] { Final | Ping, 0 };

    /// <summary>Makes a whole text message of one frame.</summary>
    public static byte[] OfText(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderBytes(payload.Length) + payload.Length];
        payload.CopyTo(frame.AsSpan(WriteHeader(frame, Final | Text, payload.Length)));
        return frame;
    }

    /// <summary>Makes a close frame (RFC 6455, section 5.5.1).</summary>
    /// <param name="code">The status code; none for a frame without a body, which answers one without a body.</param>
    /// <param name="reason">At most 123 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The reason is too long.</exception>
    public static byte[] OfClose(int? code, string reason)
    {
        if (code is null) return [Final | Close, 0];
        var reasonBytes = Encoding.UTF8.GetByteCount(reason);
        if (reasonBytes > MaxReasonBytes)
            throw new ArgumentException($"A close reason has at most {MaxReasonBytes} bytes.", nameof(reason));

        var frame = new byte[2 + 2 + reasonBytes];
        WriteHeader(frame, Final | Close, 2 + reasonBytes);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)code.Value);
        Encoding.UTF8.GetBytes(reason, frame.AsSpan(4));
        return frame;
    }
}
