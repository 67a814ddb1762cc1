using CsCheck;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class TileProofTests
{
    private const int Largest = 70_000;

    private static readonly SmallTree Tree = new(Largest);
    private static readonly SmallTiles Stored = new(Tree, Largest);

    private static readonly Gen<(int Index, int Size)> Places =
        Gen.Int[1, Largest].SelectMany(size => Gen.Int[0, size - 1].Select(index => (index, size)));

    [Test]
    public async Task OfInclusionAsync_KnownLeaves_IsTheKnownProof()
    {
        foreach (var (size, index, proof) in TreeVectors.Inclusion)
            Assert.That(await TileProof.OfInclusionAsync(Stored, index, size, default), Is.EqualTo(proof), $"{index} in {size}");
    }

    [Test]
    public async Task OfConsistencyAsync_KnownSizes_IsTheKnownProof()
    {
        foreach (var (old, now, proof) in TreeVectors.Consistency)
            Assert.That(await TileProof.OfConsistencyAsync(Stored, old, now, default), Is.EqualTo(proof), $"{old} to {now}");
    }

    [Test]
    public async Task RootAsync_KnownSizes_IsTheKnownRoot()
    {
        foreach (var (size, root) in TreeVectors.Roots.Where(known => known.Key <= Largest))
            Assert.That(await TileProof.RootAsync(Stored, size, default), Is.EqualTo(root), $"{size}");
    }

    [Test]
    public Task OfInclusionAsync_AnyPlaceOfAnySize_LeadsToTheRoot() => Places.SampleAsync(async place =>
    {
        var proof = await TileProof.OfInclusionAsync(Stored, place.Index, place.Size, default);
        Assert.That(TreeProof.IsIncluded(place.Index, place.Size, Tree.Leaf(place.Index), [.. proof], Tree.Root(place.Size)), Is.True);
    });

    [Test]
    public Task OfConsistencyAsync_AnyTwoSizes_Holds() => Places.SampleAsync(async place =>
    {
        var (old, now) = (place.Index + 1, place.Size);
        var proof = await TileProof.OfConsistencyAsync(Stored, old, now, default);
        Assert.That(TreeProof.IsConsistent(old, now, [.. proof], Tree.Root(old), Tree.Root(now)), Is.True);
    });

    [Test]
    public async Task OfInclusionAsync_MissingTile_NamesIt()
    {
        var tile = new Tile(0, 3, Tile.FullWidth);
        var fault = await Assert.ThrowsAsync<MissingTileException>(
            () => TileProof.OfInclusionAsync(new SmallTiles(Tree, Largest, without: tile), (3 * 256) + 1, 5_000, default));
        Assert.That(fault!.Tile, Is.EqualTo(tile));
        Assert.That(fault.Message, Does.Contain("0/003"));
    }
}
