using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class TreeEdgeTests
{
    [Test]
    public void Append_UpToKnownSizes_GivesTheKnownRoots()
    {
        var edge = TreeEdge.CreateEmpty();
        var known = 0;
        var tiles = new Dictionary<Tile, byte[]>();
        foreach (var (size, root) in TreeVectors.Roots.OrderBy(pair => pair.Key))
        {
            while (edge.Size < size) edge.Append(TreeVectors.Leaf(edge.Size), tiles.Add);
            Assert.That(edge.Root(), Is.EqualTo(root), $"{size}");
            known++;
        }

        Assert.That(known, Is.GreaterThan(20));
        Assert.That(tiles.Keys.Count(tile => tile.Level == 0), Is.EqualTo(70_000 / 256));
        Assert.That(tiles.Keys.Where(tile => tile.Level == 1), Is.EqualTo(new[] { new Tile(1, 0, 256) }));
        Assert.That(tiles[new Tile(0, 7, 256)].AsSpan(0, 32).SequenceEqual(TreeVectors.Leaf(7 * 256).ToArray()), Is.True);
        Assert.That(TreeHash.From(tiles[new Tile(1, 0, 256)].AsSpan(32)), Is.EqualTo(Tile.RootOf(tiles[new Tile(0, 1, 256)])));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(66_000)]
    public void TryCreate_OwnPartials_GoesOnAsIfNothingHadBeen(int size)
    {
        var edge = Grow(size);
        Assert.That(TreeEdge.TryCreate(size, Partials(edge), out var restored), Is.True);

        for (var i = 0; i < 300; i++)
        {
            edge.Append(TreeVectors.Leaf(edge.Size), Ignore);
            restored!.Append(TreeVectors.Leaf(restored.Size), Ignore);
        }

        Assert.That(restored!.Root(), Is.EqualTo(edge.Root()));
    }

    [Test]
    public void TryCreate_PartialOfAnotherWidth_Fails()
    {
        var partials = Partials(Grow(300));
        Assert.That(TreeEdge.TryCreate(301, partials, out _), Is.False);
        Assert.That(TreeEdge.TryCreate(44, partials, out _), Is.False);
        Assert.That(TreeEdge.TryCreate(-1, partials, out _), Is.False);
    }

    [Test]
    public void Copy_Grown_LeavesTheOtherAsItWas()
    {
        var edge = Grow(10);
        var root = edge.Root();
        edge.Copy().Append(TreeVectors.Leaf(10), Ignore);

        Assert.That(edge.Size, Is.EqualTo(10));
        Assert.That(edge.Root(), Is.EqualTo(root));
    }

    private static TreeEdge Grow(int size)
    {
        var edge = TreeEdge.CreateEmpty();
        while (edge.Size < size) edge.Append(TreeVectors.Leaf(edge.Size), Ignore);
        return edge;
    }

    private static ReadOnlyMemory<byte>[] Partials(TreeEdge edge) =>
        [.. Enumerable.Range(0, Tile.MaxLevel + 1).Select(level => (ReadOnlyMemory<byte>)edge.Partial(level))];

    private static void Ignore(Tile tile, byte[] hashes)
    {
    }
}
