using System.Buffers;
using System.Text;

namespace LogApi.Domain.Entries;

/// <summary>
/// Writes JSON strings in the one form of RFC 8785 §3.2.2.2. The encoders of System.Text.Json can't be used: they escape
/// characters that their Unicode tables don't know yet, so a later runtime would write, and expect, other bytes for old text.
/// </summary>
internal static class CanonicalText
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(control => (char)control), '"', '\\']);

    /// <summary>Writes <paramref name="text"/>, which must not hold lone surrogates, in quotes.</summary>
    public static void Write(IBufferWriter<byte> buffer, ReadOnlySpan<char> text)
    {
        buffer.Write("\""u8);
        for (int plain; (plain = text.IndexOfAny(Escaped)) >= 0; text = text[(plain + 1)..])
        {
            Encoding.UTF8.GetBytes(text[..plain], buffer);
            WriteEscape(buffer, text[plain]);
        }

        Encoding.UTF8.GetBytes(text, buffer);
        buffer.Write("\""u8);
    }

    private static void WriteEscape(IBufferWriter<byte> buffer, char character)
    {
        switch (character)
        {
            case '"': buffer.Write("\\\""u8); break;
            case '\\': buffer.Write("\\\\"u8); break;
            case '\b': buffer.Write("\\b"u8); break;
            case '\t': buffer.Write("\\t"u8); break;
            case '\n': buffer.Write("\\n"u8); break;
            case '\f': buffer.Write("\\f"u8); break;
            case '\r': buffer.Write("\\r"u8); break;
            default:
                ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
                buffer.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', digits[character >> 4], digits[character & 0xF]]);
                break;
        }
    }
}
