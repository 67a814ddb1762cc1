using System.Numerics;

namespace LogApi.Domain.Transparency;

/// <summary>Checks proofs against roots, without any part of the tree (RFC 9162 §2.1.3.2 and §2.1.4.2).</summary>
public static class TreeProof
{
    /// <summary>Whether the proof shows that a leaf is at a place in the tree of a root.</summary>
    public static bool IsIncluded(long index, long size, TreeHash leaf, ReadOnlySpan<TreeHash> proof, TreeHash root)
    {
        if (index < 0 || index >= size) return false;
        var (fn, sn, hash) = (index, size - 1, leaf);
        foreach (var sibling in proof)
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                hash = TreeHash.OfNode(sibling, hash);
                if ((fn & 1) == 0)
                {
                    // Up past the levels at which this node, the last one, has no sibling.
                    var skip = fn == 0 ? 0 : BitOperations.TrailingZeroCount(fn);
                    fn >>= skip;
                    sn >>= skip;
                }
            }
            else
            {
                hash = TreeHash.OfNode(hash, sibling);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && hash == root;
    }

    /// <summary>
    /// Whether the proof shows that the tree of the new root begins with the whole tree of the old one. The old tree must not be
    /// empty: everything continues that.
    /// </summary>
    public static bool IsConsistent(long oldSize, long newSize, ReadOnlySpan<TreeHash> proof, TreeHash oldRoot, TreeHash newRoot)
    {
        if (oldSize < 1 || oldSize > newSize) return false;
        if (oldSize == newSize) return proof.IsEmpty && oldRoot == newRoot;
        if (proof.IsEmpty) return false;

        var (fn, sn) = (oldSize - 1, newSize - 1);
        var shared = BitOperations.TrailingZeroCount(~fn);
        fn >>= shared;
        sn >>= shared;

        // An old tree that is complete is itself the first hash.
        var isComplete = BitOperations.IsPow2(oldSize);
        var (ofOld, ofNew) = isComplete ? (oldRoot, oldRoot) : (proof[0], proof[0]);
        foreach (var hash in isComplete ? proof : proof[1..])
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                ofOld = TreeHash.OfNode(hash, ofOld);
                ofNew = TreeHash.OfNode(hash, ofNew);
                if ((fn & 1) == 0)
                {
                    var skip = fn == 0 ? 0 : BitOperations.TrailingZeroCount(fn);
                    fn >>= skip;
                    sn >>= skip;
                }
            }
            else
            {
                ofNew = TreeHash.OfNode(ofNew, hash);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && ofOld == oldRoot && ofNew == newRoot;
    }
}
