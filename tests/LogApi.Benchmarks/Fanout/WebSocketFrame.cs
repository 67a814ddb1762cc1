using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LogApi.Benchmarks.Fanout;

/// <summary>As much of RFC 6455 as a client that only listens needs: whole frames that are not masked.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WebSocketFrame(int Opcode, int PayloadStart, int Length)
{
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private const int Final = 0x80;
    private const int Masked = 0x80;

    /// <summary>Reads the frame at the start of the bytes; false while it is not complete.</summary>
    /// <exception cref="InvalidDataException">The frame is a part of a message, or masked, as no server of ours sends any.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WebSocketFrame frame)
    {
        frame = default;
        if (bytes.Length < 2) return false;
        if ((bytes[0] & Final) == 0 || (bytes[1] & Masked) != 0) throw new InvalidDataException("A frame is in parts or masked.");
        var (start, length) = bytes[1] switch
        {
            126 => (4, bytes.Length < 4 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            127 => (10, bytes.Length < 10 ? int.MaxValue : checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]))),
            var small => (2, small),
        };
        if (length > bytes.Length - start) return false;
        frame = new WebSocketFrame(bytes[0] & 0x0F, start, start + length);
        return true;
    }

    /// <summary>Makes a frame as a client must send it: masked, here with zeros. The payload is under 126 bytes.</summary>
    public static byte[] Mask(int opcode, ReadOnlySpan<byte> payload) =>
        [(byte)(Final | opcode), (byte)(Masked | payload.Length), 0, 0, 0, 0, .. payload];
}
