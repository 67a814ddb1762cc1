using static LogApi.Infrastructure.Redis.Sealed.BundleFormat;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>The inflated texts of a <see cref="SealedBundle"/>, and where each of them is.</summary>
internal sealed class SealedText
{
    private readonly byte[] _text;
    private readonly int _rows;

    // Where each line starts, column after column, and where the last one ends.
    private readonly int[] _lines;
    private readonly Range[] _whole;
    private readonly Range[] _otherSides;

    /// <exception cref="InvalidDataException">There is more or less than that.</exception>
    public SealedText(byte[] text, int templated, int whole, int otherSides)
    {
        (_text, _rows) = (text, templated);
        _lines = new int[(Columns * templated) + 1];
        var at = 0;
        for (var i = 1; i < _lines.Length; i++)
        {
            var length = text.AsSpan(at).IndexOf(EndOfLine);
            if (length < 0) throw new InvalidDataException("A text is cut off.");
            at += length + 1;
            _lines[i] = at;
        }

        _whole = ReadCounted(whole, ref at);
        _otherSides = ReadCounted(otherSides, ref at);
        if (at != text.Length) throw new InvalidDataException("There is more text than entries have.");
    }

    public ReadOnlySpan<byte> Line(int column, int row)
    {
        var line = (column * _rows) + row;
        var start = _lines[line];
        return _text.AsSpan(start, _lines[line + 1] - start - 1);
    }

    public ReadOnlyMemory<byte> WholeAt(int index) => _text.AsMemory(_whole[index]);

    public ReadOnlyMemory<byte> OtherSideAt(int index) => _text.AsMemory(_otherSides[index]);

    private Range[] ReadCounted(int count, ref int at)
    {
        var ranges = new Range[count];
        for (var i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> rest = _text.AsSpan(at);
            var length = ReadLength(ref rest, rest.Length);
            Take(ref rest, length);
            at = _text.Length - rest.Length;
            ranges[i] = (at - length)..at;
        }

        return ranges;
    }
}
