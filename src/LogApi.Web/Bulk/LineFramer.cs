namespace LogApi.Web.Bulk;

/// <summary>
/// Lines of JSON (<c>application/x-ndjson</c>): a line feed ends an item and can't be part of one, so whatever a line holds, the
/// next one is read from its start. Blank lines are no items.
/// </summary>
/// <param name="maxItemBytes">The longest line that is kept.</param>
internal sealed class LineFramer(int maxItemBytes) : ItemFramer
{
    private int _scanned;
    private bool _isTooLong;

    public override bool EndsAtFault => false;

    public override ItemFrame Next(ReadOnlySpan<byte> unread, bool isLast)
    {
        for (var start = 0; ;)
        {
            var feed = unread[(start + _scanned)..].IndexOf((byte)'\n');
            if (feed < 0 && !isLast) return Wait(start, unread.Length);

            var end = feed < 0 ? unread.Length : start + _scanned + feed;
            var next = feed < 0 ? end : end + 1;
            _scanned = 0;
            if (_isTooLong || end - start > maxItemBytes)
            {
                _isTooLong = false;
                return new ItemFrame(FrameKind.TooLong, start, 0, next);
            }

            if (!unread[start..end].Trim(" \t\r"u8).IsEmpty) return new ItemFrame(FrameKind.Item, start, end - start, next);
            if (feed < 0) return new ItemFrame(FrameKind.End, end, 0, end);
            start = next;
        }
    }

    private ItemFrame Wait(int start, int end)
    {
        _scanned = end - start;
        if (_scanned <= maxItemBytes) return new ItemFrame(FrameKind.Incomplete, start, 0, start);

        // The rest of the line only has to end.
        _isTooLong = true;
        _scanned = 0;
        return new ItemFrame(FrameKind.Incomplete, end, 0, end);
    }
}
