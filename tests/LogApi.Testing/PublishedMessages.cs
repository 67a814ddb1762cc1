using System.Buffers.Text;

namespace LogApi.Testing;

/// <summary>Finds the messages of Redis's pub/sub among what it sends (RESP2 and RESP3).</summary>
internal static class PublishedMessages
{
    // Channel and payload follow, each as "$<length>\r\n<bytes>\r\n".
    private const int Texts = 2;

    private static ReadOnlySpan<byte> Start => "3\r\n$7\r\nmessage\r\n"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Gives how many bytes at the beginning are whole messages.</summary>
    /// <param name="bytes">What was sent, from the beginning of a reply or message.</param>
    /// <param name="count">How many messages they are.</param>
    public static int Measure(ReadOnlySpan<byte> bytes, out int count)
    {
        var total = 0;
        for (count = 0; MeasureOne(bytes[total..]) is > 0 and var length; count++) total += length;
        return total;
    }

    private static int MeasureOne(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] is not ((byte)'*' or (byte)'>') || !bytes[1..].StartsWith(Start)) return 0;
        var at = 1 + Start.Length;
        for (var i = 0; i < Texts; i++)
        {
            if (at >= bytes.Length || !Utf8Parser.TryParse(bytes[(at + 1)..], out int length, out var digits)) return 0;
            at += 1 + digits + LineEnd.Length + length + LineEnd.Length;
        }

        return at <= bytes.Length ? at : 0;
    }
}
