using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace LogApi.Domain.Search;

/// <summary>
/// Looks for a text in UTF-8 without regard to case: the same as <see cref="StringComparison.OrdinalIgnoreCase"/>, which holds
/// characters against each other by their simple upper-case mapping. No character outside ASCII has one inside ASCII, nor the
/// other way round, so ASCII is looked for among the bytes as they are.
/// </summary>
internal sealed class TextSearch
{
    private const int StackChars = 512;

    // What has to be there byte for byte, but for the case of letters: the text itself or its longest part in ASCII.
    private readonly byte[] _ascii;

    // The whole text, when it is not all ASCII.
    private readonly string? _text;

    public TextSearch(string text)
    {
        var isAscii = Ascii.IsValid(text);
        _text = isAscii ? null : text;
        _ascii = Encoding.ASCII.GetBytes((isAscii ? text : LongestAscii(text)).ToLowerInvariant());
    }

    /// <summary>Tells whether the text is in <paramref name="utf8"/>.</summary>
    public bool IsIn(ReadOnlySpan<byte> utf8)
    {
        if (_ascii.Length > 0 && !Contains(utf8, _ascii)) return false;
        return _text is null || (!Ascii.IsValid(utf8) && ContainsText(utf8, _text));
    }

    private static bool ContainsText(ReadOnlySpan<byte> utf8, string text)
    {
        char[]? rented = null;
        var characters = utf8.Length <= StackChars ? stackalloc char[StackChars] : (rented = ArrayPool<char>.Shared.Rent(utf8.Length));
        try
        {
            var length = Encoding.UTF8.GetChars(utf8, characters);
            return MemoryExtensions.Contains(characters[..length], text, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        }
    }

    // Compares sixteen places at once by the first and the last byte looked for, and looks closer where both fit.
    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        var places = text.Length - lower.Length + 1;
        if (places <= 0) return false;
        var i = 0;
        if (Vector128.IsHardwareAccelerated && places >= Vector128<byte>.Count)
        {
            var (first, last) = (Vector128.Create(lower[0]), Vector128.Create(lower[^1]));
            var (firstCase, lastCase) = (Vector128.Create(CaseBit(lower[0])), Vector128.Create(CaseBit(lower[^1])));
            while (i < places)
            {
                // The last step looks at some places twice, so that it needs none past the end.
                i = Math.Min(i, places - Vector128<byte>.Count);
                var begins = Vector128.Equals(Vector128.Create(text[i..]) | firstCase, first);
                var ends = Vector128.Equals(Vector128.Create(text[(i + lower.Length - 1)..]) | lastCase, last);
                for (var found = (begins & ends).ExtractMostSignificantBits(); found != 0; found &= found - 1)
                {
                    if (Ascii.EqualsIgnoreCase(text.Slice(i + BitOperations.TrailingZeroCount(found), lower.Length), lower)) return true;
                }

                i += Vector128<byte>.Count;
            }

            return false;
        }

        for (; i < places; i++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(i, lower.Length), lower)) return true;
        }

        return false;
    }

    // The bit by which the two cases of an ASCII letter differ; none for what is no letter.
    private static byte CaseBit(byte lower) => char.IsAsciiLetterLower((char)lower) ? (byte)0x20 : (byte)0;

    private static string LongestAscii(string text)
    {
        var (start, length) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var run = 0;
            while (i + run < text.Length && char.IsAscii(text[i + run])) run++;
            if (run > length) (start, length) = (i, run);
            i += run;
        }

        return text.Substring(start, length);
    }
}
