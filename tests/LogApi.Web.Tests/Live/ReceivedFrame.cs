using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace LogApi.Web.Tests.Live;

/// <summary>A frame as a client sees it, taken apart by RFC 6455, section 5.2, independently of the code under test.</summary>
internal sealed record ReceivedFrame(bool Final, int Opcode, byte[] Payload)
{
    public JsonElement Json => JsonDocument.Parse(Payload).RootElement;

    public string? Type => Json.GetProperty("type").GetString();

    public long Seq => Json.GetProperty("seq").GetInt64();

    public int CloseCode => BinaryPrimitives.ReadUInt16BigEndian(Payload);

    public string CloseReason => Encoding.UTF8.GetString(Payload.AsSpan(2));

    /// <summary>Takes whole frames apart; bytes that are left over fail.</summary>
    public static List<ReceivedFrame> ParseAll(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<ReceivedFrame>();
        while (bytes.Length > 0)
        {
            Assert.That(TryParse(bytes, out var frame, out var length), Is.True, "a frame ends too early");
            frames.Add(frame!);
            bytes = bytes[length..];
        }

        return frames;
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out ReceivedFrame? frame, out int length)
    {
        (frame, length) = (null, 0);
        if (bytes.Length < 2) return false;
        Assert.That(bytes[0] & 0x70, Is.Zero, "reserved bits");
        Assert.That(bytes[1] & 0x80, Is.Zero, "a server's frame is not masked");
        var header = (bytes[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header) return false;
        var payload = header switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            10 => checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
            _ => bytes[1] & 0x7F,
        };
        var shortest = payload switch { < 126 => 2, < 65536 => 4, _ => 10 };
        Assert.That(header, Is.EqualTo(shortest), "the length must have its shortest form");
        if (bytes.Length < header + payload) return false;
        length = header + payload;
        frame = new ReceivedFrame((bytes[0] & 0x80) != 0, bytes[0] & 0x0F, bytes[header..length].ToArray());
        return true;
    }
}
