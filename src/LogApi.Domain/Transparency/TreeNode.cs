using System.Numerics;
using System.Runtime.InteropServices;

namespace LogApi.Domain.Transparency;

/// <summary>A complete subtree: the leaves <c>Index·2^Level</c> up to the next one's first.</summary>
/// <param name="Level">The height, from 0 for a leaf.</param>
/// <param name="Index">Its place among the subtrees of this height, from 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TreeNode(int Level, long Index)
{
    /// <summary>Takes a range of leaves apart into complete subtrees, from left to right, as few as there can be.</summary>
    /// <param name="start">The first leaf; a multiple of the largest power of two below the length, as in every proof.</param>
    /// <param name="end">The leaf behind the last one.</param>
    public static IReadOnlyList<TreeNode> Cover(long start, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        var nodes = new List<TreeNode>();
        while (start < end)
        {
            var level = BitOperations.Log2((ulong)(end - start));
            if (start != 0) level = Math.Min(level, BitOperations.TrailingZeroCount(start));
            nodes.Add(new TreeNode(level, start >> level));
            start += 1L << level;
        }

        return nodes;
    }

    /// <summary>
    /// Gives the hash of a range out of the hashes of what <see cref="Cover"/> took it apart into; that of the empty tree for none.
    /// </summary>
    public static TreeHash Combine(ReadOnlySpan<TreeHash> parts)
    {
        if (parts.IsEmpty) return TreeHash.Empty;
        var hash = parts[^1];
        for (var i = parts.Length - 2; i >= 0; i--) hash = TreeHash.OfNode(parts[i], hash);
        return hash;
    }
}
