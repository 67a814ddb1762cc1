using CsCheck;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class TreeProofTests
{
    private const int Largest = 3000;

    private static readonly SmallTree Tree = new(Largest);
    private static readonly SmallTree Known = new(70_000);

    [Test]
    public void Root_KnownSizes_IsTheKnownRoot()
    {
        foreach (var (size, root) in TreeVectors.Roots) Assert.That(Known.Root(size), Is.EqualTo(root), $"{size}");
    }

    [Test]
    public void OfInclusion_KnownLeaves_IsTheKnownProof()
    {
        foreach (var (size, index, proof) in TreeVectors.Inclusion)
        {
            Assert.That(Known.Inclusion(index, size), Is.EqualTo(proof), $"{index} in {size}");
            Assert.That(TreeProof.IsIncluded(index, size, Known.Leaf(index), proof, Known.Root(size)), Is.True, $"{index} in {size}");
        }
    }

    [Test]
    public void OfConsistency_KnownSizes_IsTheKnownProof()
    {
        foreach (var (old, now, proof) in TreeVectors.Consistency)
        {
            Assert.That(Known.Consistency(old, now), Is.EqualTo(proof), $"{old} to {now}");
            Assert.That(TreeProof.IsConsistent(old, now, proof, Known.Root(old), Known.Root(now)), Is.True, $"{old} to {now}");
        }
    }

    [Test]
    public void IsIncluded_EveryIndexOfEverySmallSize_Holds()
    {
        for (var size = 1; size <= 130; size++)
        {
            for (var index = 0; index < size; index++)
                Assert.That(IsIncluded(index, size, Tree.Inclusion(index, size)), Is.True, $"{index} in {size}");
        }
    }

    [Test]
    public void IsConsistent_EveryTwoSmallSizes_Holds()
    {
        for (var now = 1; now <= 130; now++)
        {
            for (var old = 1; old <= now; old++)
                Assert.That(IsConsistent(old, now, Tree.Consistency(old, now)), Is.True, $"{old} to {now}");
        }
    }

    [Test]
    public void IsIncluded_AnyProofWithOneBitFlipped_Fails() => Places.Sample((size, index, bit) =>
    {
        var proof = Tree.Inclusion(index, size);
        return IsIncluded(index, size, proof)
            && AllFlips(proof, bit).All(flipped => !IsIncluded(index, size, flipped))
            && !TreeProof.IsIncluded(index, size, Flip(Tree.Leaf(index), bit), proof, Tree.Root(size))
            && !TreeProof.IsIncluded(index, size, Tree.Leaf(index), proof, Flip(Tree.Root(size), bit))
            && !IsIncluded(index, size, [.. proof, TreeHash.Empty])
            && (proof.Length == 0 || !IsIncluded(index, size, proof[..^1]));
    });

    [Test]
    public void IsIncluded_AnotherPlace_Fails() => Places.Sample((size, index, _) =>
    {
        var proof = Tree.Inclusion(index, size);
        return Enumerable.Range(-1, (int)size + 2).Where(other => other != index)
            .All(other => !TreeProof.IsIncluded(other, size, Tree.Leaf(index), proof, Tree.Root(size)));
    });

    [Test]
    public void IsConsistent_AnyProofWithOneBitFlipped_Fails() => Places.Where(place => place.Item2 > 0).Sample((now, old, bit) =>
    {
        var proof = Tree.Consistency(old, now);
        return IsConsistent(old, now, proof)
            && AllFlips(proof, bit).All(flipped => !IsConsistent(old, now, flipped))
            && !TreeProof.IsConsistent(old, now, proof, Flip(Tree.Root(old), bit), Tree.Root(now))
            && !TreeProof.IsConsistent(old, now, proof, Tree.Root(old), Flip(Tree.Root(now), bit))
            && !IsConsistent(old, now, [.. proof, TreeHash.Empty])
            && (proof.Length == 0 || !IsConsistent(old, now, proof[..^1]));
    });

    [Test]
    public void IsConsistent_SizesThatCannotBe_Fails()
    {
        Assert.That(TreeProof.IsConsistent(0, 5, [], TreeHash.Empty, Tree.Root(5)), Is.False);
        Assert.That(TreeProof.IsConsistent(6, 5, Tree.Consistency(5, 6), Tree.Root(6), Tree.Root(5)), Is.False);
        Assert.That(TreeProof.IsConsistent(5, 5, [], Tree.Root(5), Tree.Root(5)), Is.True);
        Assert.That(TreeProof.IsConsistent(5, 5, [Tree.Root(5)], Tree.Root(5), Tree.Root(5)), Is.False);
        Assert.That(TreeProof.IsConsistent(4, 5, [], Tree.Root(4), Tree.Root(5)), Is.False);
    }

    private static Gen<(long, long, int)> Places =>
        Gen.Long[1, Largest].SelectMany(size => Gen.Select(Gen.Const(size), Gen.Long[0, size - 1], Gen.Int[0, 255]));

    private static bool IsIncluded(long index, long size, TreeHash[] proof) =>
        TreeProof.IsIncluded(index, size, Tree.Leaf(index), proof, Tree.Root(size));

    private static bool IsConsistent(long old, long now, TreeHash[] proof) =>
        TreeProof.IsConsistent(old, now, proof, Tree.Root(old), Tree.Root(now));

    private static IEnumerable<TreeHash[]> AllFlips(TreeHash[] proof, int bit) => proof.Select((_, place) =>
    {
        var flipped = proof.ToArray();
        flipped[place] = Flip(flipped[place], bit);
        return flipped;
    });

    private static TreeHash Flip(TreeHash hash, int bit)
    {
        var bytes = hash.ToArray();
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return TreeHash.From(bytes);
    }
}
