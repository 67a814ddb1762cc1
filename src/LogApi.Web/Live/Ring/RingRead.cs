using System.Buffers;

namespace LogApi.Web.Live.Ring;

/// <summary>What <see cref="LiveRing.Read"/> found.</summary>
internal enum RingReadKind
{
    /// <summary>Nothing new: the client has everything.</summary>
    CaughtUp,

    /// <summary>Entries, or none of a filter's among those passed over; the cursor moves on.</summary>
    Frames,

    /// <summary>The entry that is due has left the ring.</summary>
    Overrun,

    /// <summary>The log was started anew; the cursor is the new start.</summary>
    Restarted,

    /// <summary>The log was set back; the cursor is where its entries are others than before.</summary>
    SetBack,
}

/// <summary>One step of a client through the ring.</summary>
/// <param name="Kind">What was found.</param>
/// <param name="Cursor">Where the client is after it.</param>
internal readonly record struct RingRead(RingReadKind Kind, LiveCursor Cursor)
{
    /// <summary>Whole frames, to be written as they are.</summary>
    public ReadOnlyMemory<byte> Frames { get; init; }

    /// <summary>The first entry that the ring still has, on <see cref="RingReadKind.Overrun"/>.</summary>
    public long First { get; init; }

    /// <summary>The entry that the ring will get next, on <see cref="RingReadKind.Overrun"/>.</summary>
    public long End { get; init; }

    /// <summary>A pooled buffer behind <see cref="Frames"/>, when they had to be gathered.</summary>
    public byte[]? Rented { get; init; }

    /// <summary>Gives a pooled buffer back. Not to be called while a write of it may be under way.</summary>
    public void Release()
    {
        if (Rented is not null) ArrayPool<byte>.Shared.Return(Rented);
    }
}
