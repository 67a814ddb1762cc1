using System.Buffers;
using System.Globalization;

namespace LogApi.Web.Search;

/// <summary>
/// Writes cells of RFC 4180. A spreadsheet takes a cell that begins like a formula for one, and runs it; such a cell gets an
/// apostrophe before it. So does one that begins with an apostrophe, so that a reader gets every text back by taking one off.
/// </summary>
internal static class CsvCell
{
    private const int MaxDigits = 20;

    private static readonly SearchValues<byte> Quoted = SearchValues.Create("\",\r\n;\t' "u8);

    /// <summary>Writes a number, which may be negative without being a formula.</summary>
    public static void WriteNumber(IBufferWriter<byte> buffer, long number)
    {
        number.TryFormat(buffer.GetSpan(MaxDigits), out var length, default, CultureInfo.InvariantCulture);
        buffer.Advance(length);
    }

    /// <summary>Writes a text, in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> buffer, ReadOnlySpan<byte> text)
    {
        var isMarked = LooksLikeFormula(text);
        if (!isMarked && text.IndexOfAny(Quoted) < 0)
        {
            buffer.Write(text);
            return;
        }

        buffer.Write(isMarked ? "\"'"u8 : "\""u8);
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            buffer.Write(text[..(quote + 1)]);
            buffer.Write("\""u8);
        }

        buffer.Write(text);
        buffer.Write("\""u8);
    }

    // Some programs pass over white space first, and take the wide forms for the same characters.
    private static bool LooksLikeFormula(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return false;
        if (text[0] is (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\'') return true;
        text = text.TrimStart(" \t\r\n"u8);
        return text is [(byte)'=' or (byte)'+' or (byte)'-' or (byte)'@', ..]
            || text.StartsWith("＝"u8) || text.StartsWith("＋"u8) || text.StartsWith("－"u8) || text.StartsWith("＠"u8);
    }
}
