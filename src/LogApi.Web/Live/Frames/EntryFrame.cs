using System.Buffers;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;

namespace LogApi.Web.Live.Frames;

/// <summary>What the message for a stored record tells.</summary>
internal enum FrameKind
{
    /// <summary>An entry, as it is stored.</summary>
    Entry,

    /// <summary>What a redaction has left of an entry.</summary>
    Redacted,

    /// <summary>That the record can't be served. Whose entry that was is not known, so it concerns every client.</summary>
    Gap,
}

/// <summary>
/// The message for one stored record, measured but not yet written, so that it can be written straight into its last place:
/// the entry, what a redaction has left of it, or a gap where the record can't be served.
/// </summary>
internal readonly ref struct EntryFrame
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly ReadOnlySpan<byte> _tail;

    /// <param name="entry">The record; empty when it is gone.</param>
    /// <param name="scratch">At least <see cref="LiveMessages.MaxPrefixBytes"/>, which must live as long as this.</param>
    public EntryFrame(StoredRecord entry, Span<byte> scratch)
    {
        var record = entry.Record.Span;
        if (!RecordFields.IsServable(record))
        {
            Kind = FrameKind.Gap;
            _head = LiveMessages.Missing(entry, asMessage: true);
            return;
        }

        Kind = RedactedRecord.IsOne(record) && RedactedRecord.TryDecode(record, out _) ? FrameKind.Redacted : FrameKind.Entry;
        _head = scratch[..LiveMessages.WriteEntryPrefix(scratch, entry.Sequence, asMessage: true)];
        _tail = record[1..];
    }

    /// <summary>What it tells.</summary>
    public FrameKind Kind { get; }

    private int PayloadBytes => _head.Length + _tail.Length;

    /// <summary>The length of the frame: header and JSON.</summary>
    public int FrameBytes => WebSocketFrame.HeaderBytes(PayloadBytes) + PayloadBytes;

    /// <summary>Where the record begins in the frame, after its opening brace; at the end for a gap.</summary>
    public int MembersOffset => FrameBytes - _tail.Length;

    /// <summary>Whether a client wants it.</summary>
    public bool IsFor(LogFilter filter) => IsFor(filter, Kind, _tail);

    /// <summary>Whether a client wants a message of a kind.</summary>
    /// <param name="filter">What the client wants.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="members">The record without its opening brace.</param>
    public static bool IsFor(LogFilter filter, FrameKind kind, ReadOnlySpan<byte> members) => kind switch
    {
        FrameKind.Entry => filter.MatchesMembers(members),
        FrameKind.Redacted => MatchesRedacted(filter, members),
        _ => true,
    };

    /// <summary>Writes <see cref="FrameBytes"/>: a whole text message.</summary>
    public void WriteFrame(Span<byte> target)
    {
        target = target[WebSocketFrame.WriteHeader(target, WebSocketFrame.Final | WebSocketFrame.Text, PayloadBytes)..];
        _head.CopyTo(target);
        _tail.CopyTo(target[_head.Length..]);
    }

    // Rare and short, so it may be put together again.
    private static bool MatchesRedacted(LogFilter filter, ReadOnlySpan<byte> members)
    {
        var record = ArrayPool<byte>.Shared.Rent(members.Length + 1);
        record[0] = (byte)'{';
        members.CopyTo(record.AsSpan(1));
        var matches = filter.Matches(record.AsSpan(0, members.Length + 1));
        ArrayPool<byte>.Shared.Return(record);
        return matches;
    }
}
