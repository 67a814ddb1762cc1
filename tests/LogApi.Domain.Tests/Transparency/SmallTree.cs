using System.Collections.Concurrent;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

/// <summary>A tree by the words of RFC 6962 §2.1 alone: the hash of each range is computed from its leaves.</summary>
internal sealed class SmallTree(long size)
{
    private readonly TreeHash[] _leaves = [.. Enumerable.Range(0, (int)size).Select(index => TreeVectors.Leaf(index))];
    private readonly ConcurrentDictionary<(long Start, long End), TreeHash> _known = [];

    public TreeHash Leaf(long index) => _leaves[index];

    public TreeHash Root(long leaves) => Hash(0, leaves);

    public TreeHash[] Inclusion(long index, long leaves) => [.. LeafRange.OfInclusion(index, leaves).Select(Hash)];

    public TreeHash[] Consistency(long oldSize, long newSize) => [.. LeafRange.OfConsistency(oldSize, newSize).Select(Hash)];

    public TreeHash Hash(LeafRange range) => Hash(range.Start, range.End);

    private TreeHash Hash(long start, long end)
    {
        if (start == end) return TreeHash.Empty;
        if (end - start == 1) return _leaves[start];
        if (_known.TryGetValue((start, end), out var known)) return known;
        long split = 1;
        while (2 * split < end - start) split *= 2;
        return _known[(start, end)] = TreeHash.OfNode(Hash(start, start + split), Hash(start + split, end));
    }
}
