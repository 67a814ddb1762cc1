using System.Runtime.InteropServices;

namespace LogApi.Web.Bulk;

/// <summary>What an <see cref="ItemFramer"/> found next.</summary>
internal enum FrameKind
{
    /// <summary>An item that is not complete yet.</summary>
    Incomplete,

    /// <summary>A whole item.</summary>
    Item,

    /// <summary>The end of an item that was too long to be kept.</summary>
    TooLong,

    /// <summary>The end of the body, where it may end.</summary>
    End,

    /// <summary>Something that can't be where it is; what follows it can't be told apart into items.</summary>
    Malformed,
}

/// <summary>What comes next in a body.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where the item starts in the bytes that were looked at, or where the fault is.</param>
/// <param name="Length">How long the item is.</param>
/// <param name="Consumed">How many bytes are done with.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ItemFrame(FrameKind Kind, int Start, int Length, int Consumed);
