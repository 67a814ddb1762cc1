using System.Buffers;

namespace LogApi.Web.Bulk;

/// <summary>
/// The elements of a JSON array. Once something is no JSON, quotes and brackets say nothing any more, and what looks like another
/// element could be a part of a text: so nothing after a fault is taken for an item.
/// </summary>
/// <param name="maxItemBytes">The longest element that is kept; a longer one is a fault.</param>
internal sealed class ArrayFramer(int maxItemBytes) : ItemFramer
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> AfterLiteral = SearchValues.Create(" \t\r\n,]}"u8);

    private Place _place;
    private int _scanned;
    private int _depth;
    private bool _isInText;

    private enum Place
    {
        Start,
        FirstItemOrEnd,
        Item,
        CommaOrEnd,
        End,
    }

    public override bool EndsAtFault => true;

    public override ItemFrame Next(ReadOnlySpan<byte> unread, bool isLast)
    {
        for (var at = 0; ;)
        {
            if (_scanned == 0) at += Skip(unread[at..]);
            if (at == unread.Length) return Stop(at, isLast);

            var current = unread[at];
            switch (_place)
            {
                case Place.Start when current == '[':
                    _place = Place.FirstItemOrEnd;
                    at++;
                    break;
                case Place.FirstItemOrEnd or Place.CommaOrEnd when current == ']':
                    _place = Place.End;
                    at++;
                    break;
                case Place.CommaOrEnd when current == ',':
                    _place = Place.Item;
                    at++;
                    break;
                case Place.FirstItemOrEnd or Place.Item when current is not ((byte)',' or (byte)']' or (byte)'}'):
                    return Take(unread, at, isLast);
                default:
                    return new ItemFrame(FrameKind.Malformed, at, 0, at);
            }
        }
    }

    private static int Skip(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOfAnyExcept(WhiteSpace);
        return first < 0 ? bytes.Length : first;
    }

    private ItemFrame Stop(int at, bool isLast)
    {
        if (!isLast) return new ItemFrame(FrameKind.Incomplete, at, 0, at);
        return new ItemFrame(_place == Place.End ? FrameKind.End : FrameKind.Malformed, at, 0, at);
    }

    private ItemFrame Take(ReadOnlySpan<byte> unread, int start, bool isLast)
    {
        var length = Measure(unread[start..]);
        if (length < 0 && _scanned <= maxItemBytes)
            return new ItemFrame(isLast ? FrameKind.Malformed : FrameKind.Incomplete, isLast ? unread.Length : start, 0, start);
        if (length < 0 || length > maxItemBytes) return new ItemFrame(FrameKind.TooLong, start, 0, start);

        (_place, _scanned, _depth, _isInText) = (Place.CommaOrEnd, 0, 0, false);
        return new ItemFrame(FrameKind.Item, start, length, start + length);
    }

    /// <summary>Gives the length of the value that <paramref name="value"/> starts with, or -1 when it is not there as a whole.</summary>
    private int Measure(ReadOnlySpan<byte> value)
    {
        if (value[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            var end = value[_scanned..].IndexOfAny(AfterLiteral);
            if (end >= 0) return _scanned + end;
            _scanned = value.Length;
            return -1;
        }

        while (_scanned < value.Length)
        {
            var found = _isInText ? value[_scanned..].IndexOfAny((byte)'"', (byte)'\\') : value[_scanned..].IndexOfAny(Structure);
            if (found < 0)
            {
                _scanned = value.Length;
                break;
            }

            var at = _scanned + found;
            if (value[at] == '\\')
            {
                // What is escaped may still be on its way.
                _scanned = at + 2 > value.Length ? at : at + 2;
                if (_scanned == at) break;
                continue;
            }

            _scanned = at + 1;
            if (value[at] == '"') _isInText = !_isInText;
            else _depth += value[at] is (byte)'{' or (byte)'[' ? 1 : -1;
            if (_depth == 0 && !_isInText) return _scanned;
        }

        return -1;
    }
}
