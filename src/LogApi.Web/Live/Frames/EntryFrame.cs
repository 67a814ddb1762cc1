using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Web.Live.Frames;

/// <summary>
/// The message for one stored record, measured but not yet written, so that it can be written straight into its last place:
/// the entry, what a redaction has left of it, or a gap where the record can't be served.
/// </summary>
internal readonly ref struct EntryFrame
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly ReadOnlySpan<byte> _tail;
    private readonly Range _userId;

    /// <param name="entry">The record; empty when it is gone.</param>
    /// <param name="scratch">At least <see cref="LiveMessages.MaxPrefixBytes"/>, which must live as long as this.</param>
    public EntryFrame(StoredRecord entry, Span<byte> scratch)
    {
        var record = entry.Record.Span;
        IsRedacted = RedactedRecord.TryDecode(record, out _);
        if (IsRedacted || RecordShape.TryLocateUserId(record, out _userId))
        {
            _head = scratch[..LiveMessages.WriteEntryPrefix(scratch, entry.Sequence, asMessage: true)];
            _tail = record[1..];
            return;
        }

        IsGap = true;
        _head = LiveMessages.Missing(entry);
    }

    /// <summary>Whether it tells of a missing entry. Whose entry that was is not known, so it concerns every client.</summary>
    public bool IsGap { get; }

    /// <summary>Whether the entry is redacted: it is nobody's any more, and concerns only clients who want everybody's.</summary>
    public bool IsRedacted { get; }

    private int PayloadBytes => _head.Length + _tail.Length;

    /// <summary>The length of the frame: header and JSON.</summary>
    public int FrameBytes => WebSocketFrame.HeaderBytes(PayloadBytes) + PayloadBytes;

    /// <summary>The encoded user id; empty for a gap and a redacted entry.</summary>
    public ReadOnlySpan<byte> UserId => IsGap || IsRedacted ? default : _tail[(_userId.Start.Value - 1)..(_userId.End.Value - 1)];

    /// <summary>Where the encoded user id is, counted from the start of the frame.</summary>
    public int UserIdOffset => IsGap || IsRedacted ? 0 : FrameBytes - _tail.Length + _userId.Start.Value - 1;

    /// <summary>Writes <see cref="FrameBytes"/>: a whole text message.</summary>
    public void WriteFrame(Span<byte> target)
    {
        target = target[WebSocketFrame.WriteHeader(target, WebSocketFrame.Final | WebSocketFrame.Text, PayloadBytes)..];
        _head.CopyTo(target);
        _tail.CopyTo(target[_head.Length..]);
    }
}
