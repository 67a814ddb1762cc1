using CsCheck;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class TileTests
{
    private const int Leaves = 70_000;

    [TestCase(0, 256, "000")]
    [TestCase(999, 256, "999")]
    [TestCase(1000, 256, "x001/000")]
    [TestCase(1234067, 256, "x001/x234/067")]
    [TestCase(5, 112, "005.p/112")]
    [TestCase(273000, 1, "x273/000.p/1")]
    public void ToPath_KnownTiles_IsTheirPath(long index, int width, string path)
    {
        var tile = new Tile(0, index, width);
        Assert.That(tile.ToPath(), Is.EqualTo(path));
        Assert.That(Tile.TryParsePath(0, path, out var parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(tile));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("0")]
    [TestCase("1234")]
    [TestCase("001/000")]
    [TestCase("x000/001")]
    [TestCase("x001/0x0")]
    [TestCase("x001000")]
    [TestCase("000.p/0")]
    [TestCase("000.p/256")]
    [TestCase("000.p/01")]
    [TestCase("000.p/")]
    [TestCase("000.p/-1")]
    [TestCase("000/")]
    [TestCase("/000")]
    [TestCase("+01")]
    [TestCase("x999/x999/x999/x999/x999/x999/x999/999")]
    public void TryParsePath_AnyOtherSpelling_Fails(string? path) =>
        Assert.That(Tile.TryParsePath(0, path, out _), Is.False);

    [TestCase(0, 0, 0, 0)]
    [TestCase(1, 0, 0, 1)]
    [TestCase(256, 0, 0, 256)]
    [TestCase(256, 0, 1, 0)]
    [TestCase(256, 1, 0, 1)]
    [TestCase(70_000, 0, 273, 112)]
    [TestCase(70_000, 1, 1, 17)]
    [TestCase(70_000, 2, 0, 1)]
    [TestCase(70_000, 0, long.MaxValue / 2, 0)]
    public void WidthIn_KnownTrees_IsTheWidth(long size, int level, long index, int width) =>
        Assert.That(Tile.WidthIn(size, level, index), Is.EqualTo(width));

    [Test]
    public void HashOf_AnyRangeOfAProof_IsMadeOfWhatTheTilesHold()
    {
        var tree = new SmallTree(Leaves);
        Gen.Long[1, Leaves].SelectMany(size => Gen.Select(Gen.Const(size), Gen.Long[0, size - 1])).Sample(
            (size, index) => LeafRange.OfInclusion(index, size).All(range => FromTiles(tree, range, size) == tree.Hash(range)),
            iter: 200);
    }

    private static TreeHash FromTiles(SmallTree tree, LeafRange range, long size) =>
        TreeNode.Combine([.. TreeNode.Cover(range.Start, range.End).Select(node => Tile.HashOf(node, Hashes(tree, Tile.Holding(node, size))))]);

    private static byte[] Hashes(SmallTree tree, Tile tile)
    {
        var bytes = new byte[tile.Width * TreeHash.Size];
        var span = 1L << (Tile.Height * tile.Level);
        for (var i = 0; i < tile.Width; i++)
        {
            var start = ((tile.Index * Tile.FullWidth) + i) * span;
            tree.Hash(new LeafRange(start, start + span)).CopyTo(bytes.AsSpan(i * TreeHash.Size));
        }

        return bytes;
    }
}
