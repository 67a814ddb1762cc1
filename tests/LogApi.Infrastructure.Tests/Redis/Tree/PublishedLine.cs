using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Tests.Stores;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

/// <summary>All checkpoints that were ever published, as an outsider sees them, to be held against the entries themselves.</summary>
internal sealed class PublishedLine
{
    private readonly RedisKeys _keys;
    private readonly IDatabase _db;
    private readonly Lock _lock = new();
    private readonly List<string> _notes = [];

    private PublishedLine(IDatabase db, RedisKeys keys) => (_db, _keys) = (db, keys);

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_lock) return [.. _notes];
        }
    }

    /// <summary>Looks on at each announcement.</summary>
    public static async Task<PublishedLine> WatchAsync(StoreFixture store)
    {
        var connection = await store.ConnectAsync();
        var line = new PublishedLine(connection.Database, connection.Keys);
        await connection.SubscribeAsync(connection.Keys.Published, _ => line.Look());
        return line;
    }

    /// <summary>Looks now.</summary>
    public void Look()
    {
        lock (_lock)
        {
            var note = (string?)_db.HashGet(_keys.Tree, "note") ?? "";
            if (note.Length > 0 && note != _notes.LastOrDefault()) _notes.Add(note);
        }
    }

    /// <summary>Holds what was seen, and what the store has now, against a tree that is made anew from the entries.</summary>
    /// <param name="part">Whose log it is.</param>
    /// <param name="process">Reads the entries.</param>
    /// <param name="lost">What must stand in the places of entries that are gone or damaged.</param>
    public async Task AssertIsOneAsync(TreePart part, LogProcess process, IReadOnlyDictionary<long, TreeHash>? lost = null)
    {
        Look();
        var head = await process.Logs.GetHeadAsync(default);
        var expected = new NaiveTree(await LeavesAsync(part, (int)head.Next, lost));
        var sizes = new List<long>();
        foreach (var text in Notes)
        {
            Assert.That(SignedNote.TryParse(text, out var note) && part.Signer.IsSigned(note!), text);
            Assert.That(Checkpoint.TryParse(note!.Text, out var checkpoint), note.Text);
            Assert.That(checkpoint!.Root, Is.EqualTo(expected.Root((int)checkpoint.Size)), $"root of {checkpoint.Size}");
            sizes.Add(checkpoint.Size);
        }

        Assert.That(sizes, Is.Ordered.Ascending.And.Unique);
        await AssertTilesAsync(part, expected, (await part.Tree.ReadAsync(_db)).Size);
    }

    private static async Task AssertTilesAsync(TreePart part, NaiveTree expected, long size)
    {
        for (var level = 0; level <= 2; level++)
        {
            for (var index = 0L; Tile.WidthIn(size, level, index) is var width and > 0; index++)
            {
                var hashes = await part.Tiles.ReadAsync(new Tile(level, index, width), default);
                Assert.That(hashes.Length, Is.EqualTo(width * TreeHash.Size), $"tile {level}/{index} of {size}");
                for (var i = 0; i < width; i++)
                {
                    var start = (int)(((index * Tile.FullWidth) + i) << (Tile.Height * level));
                    Assert.That(
                        TreeHash.From(hashes.Span[(i * TreeHash.Size)..]),
                        Is.EqualTo(expected.Hash(start, start + (1 << (Tile.Height * level)))), $"tile {level}/{index} at {i} of {size}");
                }
            }
        }
    }

    // From the records as they are served, and the salts that stand beside their ids.
    private static async Task<TreeHash[]> LeavesAsync(TreePart part, int count, IReadOnlyDictionary<long, TreeHash>? lost)
    {
        var leaves = new TreeHash[count];
        foreach (var run in BundleRun.Cover(0, count))
        {
            var content = await part.Source.ReadAsync(run, default);
            for (var place = run.First; place <= run.Last; place++)
            {
                var sequence = (run.Bundle * RedisKeys.BundleSize) + place;
                if (lost?.TryGetValue(sequence, out leaves[sequence]) == true) continue;
                Assert.That(EntryRecord.TryDecode(content.Content.RecordAt(place).Span, out var entry, out var problem), problem);
                Assert.That(EntrySide.TryDecode(content.SideAt(place), out var side));
                leaves[sequence] = TreeHash.OfLeaf(LogLeaf.Of(entry!, side.Salt.Span).Encode());
            }
        }

        return leaves;
    }
}

/// <summary>A tree by the words of RFC 6962 §2.1 alone.</summary>
internal sealed class NaiveTree(TreeHash[] leaves)
{
    private readonly Dictionary<(int Start, int End), TreeHash> _known = [];

    public TreeHash Root(int size) => Hash(0, size);

    public TreeHash Hash(int start, int end)
    {
        if (start == end) return TreeHash.Empty;
        if (end - start == 1) return leaves[start];
        if (_known.TryGetValue((start, end), out var known)) return known;
        var split = 1;
        while (2 * split < end - start) split *= 2;
        return _known[(start, end)] = TreeHash.OfNode(Hash(start, start + split), Hash(start + split, end));
    }
}
