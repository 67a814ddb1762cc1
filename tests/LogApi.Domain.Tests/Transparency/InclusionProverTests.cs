using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class InclusionProverTests
{
    private const int Largest = 70_000;

    private static readonly SmallTree Tree = new(Largest);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(511)]
    [TestCase(1_000)]
    [TestCase(4_096)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(65_793)]
    [TestCase(Largest)]
    public async Task ProveAsync_EveryLeaf_IsTheProofByTheDefinition(int size)
    {
        var prover = new InclusionProver(new SmallTiles(Tree, Largest), size);
        for (var index = 0; index < size; index += size > 5_000 ? 7 : 1)
            Assert.That(await prover.ProveAsync(index, default), Is.EqualTo(Tree.Inclusion(index, size)), $"{index}");
    }

    [Test]
    public async Task ProveAsync_Neighbours_HardlyReadATileTwice()
    {
        var tiles = new SmallTiles(Tree, Largest);
        var prover = new InclusionProver(tiles, Largest);
        for (var index = Largest - 1; index >= 0; index--) await prover.ProveAsync(index, default);
        Assert.That(tiles.Reads, Is.InRange(274 + 2 + 1, 285), "those higher up may be let go of before they are needed again");
    }

    [Test]
    public async Task ProveAsync_ManyAtOnce_AreAllRight()
    {
        var prover = new InclusionProver(new SmallTiles(Tree, Largest), Largest);
        await Parallel.ForAsync(0, 2_000, async (i, stop) =>
        {
            var index = i * 35L;
            Assert.That(await prover.ProveAsync(index, stop), Is.EqualTo(Tree.Inclusion(index, Largest)));
        });
    }

    [Test]
    public async Task ProveAsync_MissingTile_NamesIt()
    {
        var tile = new Tile(0, 3, Tile.FullWidth);
        var prover = new InclusionProver(new SmallTiles(Tree, Largest, without: tile), 5_000);
        var fault = await Assert.ThrowsAsync<MissingTileException>(async () => await prover.ProveAsync((3 * 256) + 1, default));
        Assert.That(fault!.Tile, Is.EqualTo(tile));
    }

    [TestCase(-1)]
    [TestCase(10)]
    public void ProveAsync_NoSuchLeaf_Throws(long index)
    {
        var prover = new InclusionProver(new SmallTiles(Tree, Largest), 10);
        Assert.That(async () => await prover.ProveAsync(index, default), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
