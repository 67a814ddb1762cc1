using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace LogApi.Domain.Search;

/// <summary>Reads JSON strings (RFC 8259 §7) where they stand, without the cost of a parser.</summary>
internal static class JsonText
{
    private const int EscapeBytes = 6;

    private static readonly SearchValues<byte> Special = SearchValues.Create("\"\\"u8);

    /// <summary>Gives how many bytes come before the closing quote; -1 when there is none.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (true)
        {
            var next = text[length..].IndexOfAny(Special);
            if (next < 0) return -1;
            length += next;
            if (text[length] == '"') return length;
            length += 2;
            if (length >= text.Length) return -1;
        }
    }

    /// <summary>Resolves the escapes of a string; fails for one that JSON does not know and for half a surrogate pair.</summary>
    /// <param name="text">The string, without its quotes.</param>
    /// <param name="target">At least as long as <paramref name="text"/>.</param>
    /// <param name="written">How many bytes of UTF-8 the text has.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> target, out int written)
    {
        written = 0;
        while (true)
        {
            var plain = text.IndexOf((byte)'\\');
            if (plain < 0) plain = text.Length;
            text[..plain].CopyTo(target[written..]);
            written += plain;
            text = text[plain..];
            if (text.IsEmpty) return true;
            if (!TryReadEscape(text, out var scalar, out var consumed)) return false;
            written += scalar.EncodeToUtf8(target[written..]);
            text = text[consumed..];
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out Rune scalar, out int consumed)
    {
        scalar = default;
        consumed = 2;
        if (text.Length < consumed) return false;
        if (text[1] != 'u')
        {
            var character = text[1] switch
            {
                (byte)'"' => '"',
                (byte)'\\' => '\\',
                (byte)'/' => '/',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => '\uFFFF',
            };
            scalar = new Rune(character);
            return character != '\uFFFF';
        }

        consumed = EscapeBytes;
        if (!TryReadUnit(text, out var first)) return false;
        if (!char.IsSurrogate(first)) return Rune.TryCreate(first, out scalar);
        consumed = 2 * EscapeBytes;
        return TryReadUnit(text[EscapeBytes..], out var second) && Rune.TryCreate(first, second, out scalar);
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < EscapeBytes || text[0] != '\\' || text[1] != 'u') return false;
        var valid = Utf8Parser.TryParse(text[2..EscapeBytes], out ushort value, out var digits, 'x') && digits == EscapeBytes - 2;
        unit = (char)value;
        return valid;
    }
}
