using System.Numerics;
using System.Runtime.InteropServices;

namespace LogApi.Domain.Transparency;

/// <summary>A run of leaves whose hash is one hash of a proof.</summary>
/// <param name="Start">The first leaf.</param>
/// <param name="End">The leaf behind the last one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LeafRange(long Start, long End)
{
    /// <summary>The ranges whose hashes prove that a leaf is in a tree, in the order of the proof (RFC 6962 §2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The leaf is not in a tree of this size.</exception>
    public static IReadOnlyList<LeafRange> OfInclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<LeafRange>();
        for (var (start, end) = (0L, size); end - start > 1;)
        {
            var middle = start + Split(end - start);
            if (index < middle)
            {
                ranges.Add(new LeafRange(middle, end));
                end = middle;
            }
            else
            {
                ranges.Add(new LeafRange(start, middle));
                start = middle;
            }
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>
    /// The ranges whose hashes prove that a tree continues an earlier one, in the order of the proof (RFC 6962 §2.1.2). None for
    /// two trees of the same size.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The earlier tree is empty, or larger than the later one.</exception>
    public static IReadOnlyList<LeafRange> OfConsistency(long oldSize, long newSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(oldSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        var ranges = new List<LeafRange>();
        var (start, end) = (0L, newSize);
        while (end > oldSize)
        {
            var middle = start + Split(end - start);
            if (oldSize <= middle)
            {
                ranges.Add(new LeafRange(middle, end));
                end = middle;
            }
            else
            {
                ranges.Add(new LeafRange(start, middle));
                start = middle;
            }
        }

        // The verifier has the old root: it is left out where it is a subtree of the new tree as it is.
        if (start > 0) ranges.Add(new LeafRange(start, end));
        ranges.Reverse();
        return ranges;
    }

    /// <summary>The largest power of two below a length of at least 2.</summary>
    private static long Split(long length) => 1L << BitOperations.Log2((ulong)(length - 1));
}
