using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace LogApi.Benchmarks.Clients;

/// <summary>As much of HTTP/1.1 as it takes to tell a response's status and where it ends.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ResponseFrame(int Status, int BodyStart, int Length)
{
    /// <summary>Reads the response at the start of the bytes; false while it is not complete.</summary>
    /// <exception cref="InvalidDataException">The bytes are no response, or one that does not say where it ends.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ResponseFrame response)
    {
        response = default;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return false;
        var head = bytes[..headEnd];
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _)) throw Unreadable(head);
        var start = headEnd + 4;
        var end = FindEnd(head, bytes[start..]);
        response = new ResponseFrame(status, start, start + end);
        return end >= 0;
    }

    private static int FindEnd(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        for (var line = head.IndexOf("\r\n"u8); line >= 0; line = head.IndexOf("\r\n"u8))
        {
            head = head[(line + 2)..];
            if (StartsWith(head, "content-length:"u8))
            {
                if (!Utf8Parser.TryParse(head["content-length:".Length..].TrimStart((byte)' '), out int length, out _)) break;
                return body.Length >= length ? length : -1;
            }

            if (StartsWith(head, "transfer-encoding: chunked"u8)) return FindLastChunk(body);
        }

        throw Unreadable(head);
    }

    private static int FindLastChunk(ReadOnlySpan<byte> body)
    {
        var position = 0;
        while (true)
        {
            var lineEnd = body[position..].IndexOf("\r\n"u8);
            if (lineEnd < 0) return -1;
            if (!Utf8Parser.TryParse(body.Slice(position, lineEnd), out int size, out _, 'x')) throw Unreadable(body[position..]);
            position += lineEnd + 2 + size + 2;
            if (position > body.Length) return -1;
            if (size == 0) return position;
        }
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> lowerCase) =>
        line.Length >= lowerCase.Length && Ascii.EqualsIgnoreCase(line[..lowerCase.Length], lowerCase);

    private static InvalidDataException Unreadable(ReadOnlySpan<byte> bytes) =>
        new($"Not a response this client can read: {Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, 200)])}");
}
