using System.Buffers;
using System.Runtime.InteropServices;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Live.Ring;

/// <summary>
/// The newest entries, each framed once for all clients, one after the other in large shared buffers. Every client reads at its
/// own pace by a cursor; there is no queue and no copy per client. Bounded by entries and by bytes: the oldest leave first.
/// </summary>
/// <remarks>
/// Invariants: the feed alone writes, frames first and then, under the lock, the slots that point to them; bytes that a slot
/// points to never change; a buffer is never used again, so a client may go on writing from one that has left the ring; the
/// frames of one buffer are consecutive entries without space between them.
/// </remarks>
internal sealed class LiveRing : ILogFeedObserver
{
    private const int ChunkBytes = 256 * 1024;

    // How far one filtered read looks: long enough to pay for the lock, short enough to keep a client's turn short.
    private const int ScanSlots = 256;

    private readonly Lock _gate = new();
    private readonly LivePulse _pulse;
    private readonly long _maxBytes;
    private readonly int _writeBytes;

    // The feed's side.
    private readonly List<Slot> _framed = [];
    private Chunk _chunk = new(0);
    private int _used;

    // Under the lock.
    private readonly Slot[] _slots;
    private LogHead? _head;
    private int _generation;
    private long _generationStart;
    private long _first;
    private long _next;
    private long _bytes;

    public LiveRing(LiveOptions options, LivePulse pulse)
    {
        _slots = new Slot[options.RingEntries];
        _maxBytes = options.RingBytes;
        _writeBytes = options.WriteBytes;
        _pulse = pulse;
    }

    /// <inheritdoc/>
    public void OnReset(LogHead head)
    {
        lock (_gate)
        {
            var anew = _head is { } known
                && (head.Next < _next || (known.Epoch.Length > 0 && head.Epoch.Length > 0 && head.Numbering != known.Numbering));
            if (anew)
            {
                // In a log that was set back, what was before the new end is unchanged; another log starts from 0.
                _generation++;
                _generationStart = head.Epoch == _head!.Value.Epoch ? head.Next : 0;
            }

            _head = head;
            if (!anew && head.Next == _next) return;
            while (_first < _next) Evict();
            _first = _next = head.Next;
        }

        _pulse.Request();
    }

    /// <inheritdoc/>
    public void OnEntries(IReadOnlyList<StoredRecord> entries)
    {
        Span<byte> scratch = stackalloc byte[LiveMessages.MaxPrefixBytes];
        _framed.Clear();
        for (var i = 0; i < entries.Count; i++)
        {
            var expected = _next + i;
            if (entries[i].Sequence != expected)
                throw new ArgumentException($"Entry {entries[i].Sequence} came where {expected} was due.", nameof(entries));
            _framed.Add(Frame(new EntryFrame(entries[i], scratch)));
        }

        lock (_gate)
        {
            foreach (ref readonly var slot in CollectionsMarshal.AsSpan(_framed)) Publish(slot);
        }

        _pulse.Request();
    }

    /// <inheritdoc/>
    public void OnRedacted(long last)
    {
        lock (_gate)
        {
            while (_first < _next && _first <= last) Evict();
            if (_first == _next)
            {
                (_chunk, _used) = (new Chunk(0), 0);
                return;
            }

            // Its bytes go with their buffer, which what is left of the ring must not hold on to.
            var old = SlotOf(_first).Chunk;
            var end = Math.Min(old.EndSequence, _next);
            var chunk = new Chunk(old == _chunk ? Math.Max(ChunkBytes, old.EndOffset) : old.EndOffset);
            var used = 0;
            for (var sequence = _first; sequence < end; sequence++)
            {
                ref var slot = ref SlotOf(sequence);
                slot.Frame.CopyTo(chunk.Bytes.AsMemory(used));
                slot = slot with { Chunk = chunk, Offset = used };
                used += slot.Length;
            }

            (chunk.EndOffset, chunk.EndSequence) = (used, end);
            if (old == _chunk) (_chunk, _used) = (chunk, used);
        }
    }

    /// <summary>
    /// Gives the cursor of a client that joins: at <paramref name="next"/>, or at what comes next when that is null. Fails
    /// before the feed has told where the log is, and when <paramref name="epoch"/> names another numbering.
    /// </summary>
    public bool TryJoin(string? epoch, long? next, out LiveCursor cursor)
    {
        lock (_gate)
        {
            cursor = new LiveCursor(_generation, Numbering, next ?? _next);
            return _head is not null && (string.IsNullOrEmpty(epoch) || Numbering.Length == 0 || epoch == Numbering);
        }
    }

    /// <summary>
    /// Takes the next step of a client. Frames are whole, in order and without a hole; with a filter, entries of others are
    /// passed over and the cursor moves on all the same.
    /// </summary>
    /// <param name="cursor">Where the client is.</param>
    /// <param name="filter">Which entries it wants; all when null.</param>
    /// <param name="maxBytes">How many bytes of frames, unless a single one is larger; never more than the options say.</param>
    public RingRead Read(LiveCursor cursor, LogFilter? filter, int maxBytes = int.MaxValue)
    {
        maxBytes = Math.Min(maxBytes, _writeBytes);
        Slot[] scanned;
        int count;
        lock (_gate)
        {
            if (cursor.Generation != _generation) return Renumber(cursor);
            if (cursor.Next >= _next) return new RingRead(RingReadKind.CaughtUp, cursor);
            if (cursor.Next < _first) return new RingRead(RingReadKind.Overrun, cursor) { First = _first, End = _next };
            if (filter is null) return ReadRun(cursor, maxBytes);

            count = (int)Math.Min(ScanSlots, _next - cursor.Next);
            scanned = ArrayPool<Slot>.Shared.Rent(count);
            for (var i = 0; i < count; i++) scanned[i] = SlotOf(cursor.Next + i);
        }

        var read = Gather(cursor, scanned.AsSpan(0, count), filter, maxBytes);
        ArrayPool<Slot>.Shared.Return(scanned, clearArray: true);
        return read;
    }

    private string Numbering => _head?.Numbering ?? "";

    private RingRead Renumber(LiveCursor cursor)
    {
        // Every time that the log was set back since the client was last here counts.
        var valid = _head?.ValidUpTo(cursor.Epoch);
        var start = valid is null or long.MaxValue ? _generationStart : valid.Value;
        return new RingRead(valid is null ? RingReadKind.Restarted : RingReadKind.SetBack, new LiveCursor(_generation, Numbering, start));
    }

    private Slot Frame(EntryFrame frame)
    {
        if (_chunk.Bytes.Length - _used < frame.FrameBytes)
        {
            _chunk = new Chunk(Math.Max(ChunkBytes, frame.FrameBytes));
            _used = 0;
        }

        var slot = new Slot(_chunk, _used, frame.FrameBytes, frame.Kind, frame.MembersOffset);
        frame.WriteFrame(_chunk.Bytes.AsSpan(_used));
        _used += frame.FrameBytes;
        return slot;
    }

    private void Publish(Slot slot)
    {
        while (_first < _next && (_next - _first == _slots.Length || _bytes + slot.Length > _maxBytes)) Evict();
        SlotOf(_next) = slot;
        _next++;
        _bytes += slot.Length;
        slot.Chunk.EndOffset = slot.End;
        slot.Chunk.EndSequence = _next;
    }

    private void Evict()
    {
        _bytes -= SlotOf(_first).Length;
        SlotOf(_first) = default;
        _first++;
    }

    private RingRead ReadRun(LiveCursor cursor, int maxBytes)
    {
        ref readonly var first = ref SlotOf(cursor.Next);
        var end = first.Chunk.EndOffset;
        var next = first.Chunk.EndSequence;
        if (end - first.Offset > maxBytes)
        {
            // The last entry that ends within the bound, found by halving; the first one goes even when it is larger.
            var low = cursor.Next;
            var high = next - 1;
            while (low < high)
            {
                var middle = low + ((high - low + 1) / 2);
                if (SlotOf(middle).End - first.Offset <= maxBytes) low = middle;
                else high = middle - 1;
            }

            end = SlotOf(low).End;
            next = low + 1;
        }

        return new RingRead(RingReadKind.Frames, cursor with { Next = next })
        {
            Frames = first.Chunk.Bytes.AsMemory(first.Offset, end - first.Offset),
        };
    }

    private static RingRead Gather(LiveCursor cursor, ReadOnlySpan<Slot> slots, LogFilter filter, int maxBytes)
    {
        // As long as what matches lies together it is given in place; only a second piece makes a copy.
        Slot piece = default;
        byte[]? buffer = null;
        var written = 0;
        var passed = 0;
        foreach (ref readonly var slot in slots)
        {
            if (slot.IsFor(filter))
            {
                var total = written + piece.Length + slot.Length;
                if (total > slot.Length && total > maxBytes) break;
                if (piece.Chunk is null || (piece.Chunk == slot.Chunk && piece.End == slot.Offset))
                {
                    piece = piece.Chunk is null ? slot : piece with { Length = piece.Length + slot.Length };
                }
                else
                {
                    buffer ??= ArrayPool<byte>.Shared.Rent(maxBytes);
                    piece.Frame.Span.CopyTo(buffer.AsSpan(written));
                    written += piece.Length;
                    piece = slot;
                }
            }

            passed++;
        }

        var read = new RingRead(RingReadKind.Frames, cursor with { Next = cursor.Next + passed });
        if (piece.Chunk is null) return read;
        if (buffer is null) return read with { Frames = piece.Frame };
        piece.Frame.Span.CopyTo(buffer.AsSpan(written));
        return read with { Frames = buffer.AsMemory(0, written + piece.Length), Rented = buffer };
    }

    private ref Slot SlotOf(long sequence) => ref _slots[sequence % _slots.Length];

    private sealed class Chunk(int size)
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(size);

        public int EndOffset { get; set; }

        public long EndSequence { get; set; }
    }

    private readonly record struct Slot(Chunk Chunk, int Offset, int Length, FrameKind Kind, int MembersOffset)
    {
        public int End => Offset + Length;

        public ReadOnlyMemory<byte> Frame => Chunk.Bytes.AsMemory(Offset, Length);

        public bool IsFor(LogFilter filter) => EntryFrame.IsFor(filter, Kind, Frame.Span[MembersOffset..]);
    }
}
