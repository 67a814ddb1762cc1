using CsCheck;
using LogApi.Application.Logs;
using LogApi.Application.Logs.ExportLogs;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using Moq;

namespace LogApi.Application.Tests.Logs.ExportLogs;

public sealed class ExportLogsQueryTests
{
    private static readonly ExportLogsQueryValidator Validator = new();
    private static readonly PretendSigner Signer = new();
    private static readonly ExportLogsQuery All = new(new LogFilterRequest(), Order: null, Limit: null, Cursor: null, After: null);

    [Test]
    public async Task Handle_NoOrder_GivesAllOldestFirst()
    {
        var (export, seen, last) = await ExportAsync(All, 10);

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 10).Select(i => (long)i)));
        Assert.That(last.HasMore, Is.False);
        Assert.That(last.NextCursor, Is.EqualTo(export.NextCursor).And.Not.Null);
    }

    [Test]
    public async Task Handle_NextCursor_GivesWhatWasAddedSince()
    {
        var (export, _, _) = await ExportAsync(All, 10);

        var (_, seen, _) = await ExportAsync(All with { Cursor = export.NextCursor }, 13);

        Assert.That(seen, Is.EqualTo(new long[] { 10, 11, 12 }));
    }

    [TestCase("asc", 6L, new long[] { 7, 8, 9 })]
    [TestCase("asc", 9L, new long[0])]
    [TestCase("asc", long.MaxValue, new long[0])]
    [TestCase("asc", 0L, new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [TestCase("desc", 2L, new long[] { 1, 0 })]
    [TestCase("desc", 0L, new long[0])]
    [TestCase("desc", long.MaxValue, new long[] { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 })]
    public async Task Handle_AfterTheLastOfABrokenTransfer_GivesTheRest(string order, long after, long[] rest)
    {
        var (_, seen, last) = await ExportAsync(All with { Order = order, After = after }, 10);

        Assert.That(seen, Is.EqualTo(rest));
        Assert.That(last.HasMore, Is.False);
    }

    [Test]
    public void Handle_AnyLimits_GoesOnWithEveryEntryOnce() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[1, 10], Gen.Bool).Sample((count, limit, ascending) =>
        {
            var query = All with { Limit = limit, Order = ascending ? "asc" : "desc" };
            var all = new List<long>();
            LogExportStep last;
            do
            {
                (_, var seen, last) = ExportAsync(query, count).Result;
                Assert.That(seen, Has.Count.LessThanOrEqualTo(limit));
                all.AddRange(seen);
                query = query with { Cursor = last.NextCursor };
            }
            while (last.HasMore);

            var expected = Enumerable.Range(0, count).Select(i => (long)i);
            Assert.That(all, Is.EqualTo(ascending ? expected : expected.Reverse()));
        });

    [Test]
    public async Task Handle_Limit_HasNoCursorBeforeTheEndIsKnown()
    {
        var (export, seen, last) = await ExportAsync(All with { Limit = 4 }, 10);

        Assert.That(export.NextCursor, Is.Null);
        Assert.That(seen, Has.Count.EqualTo(4));
        Assert.That(last.HasMore, Is.True);
    }

    [TestCase(0L, null, null, "limit")]
    [TestCase(null, -1L, null, "after")]
    [TestCase(null, 1L, "AQAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk", "after")]
    [TestCase(null, null, "x", "cursor")]
    public void Validate_BrokenRule_NamesTheField(long? limit, long? after, string? cursor, string field)
    {
        var failures = Validator.Validate(All with { Limit = limit, After = after, Cursor = cursor }).ToDictionary();

        Assert.That(failures.Keys, Is.EqualTo(new[] { field }));
    }

    [TestCase("asc", null)]
    [TestCase("desc", null)]
    [TestCase("asc", 7L)]
    public async Task Handle_Proofs_LeadToTheCheckpointAndEndWithIt(string order, long? limit)
    {
        var entries = Some.Entries(600);
        var tree = new MemoryTree(Signer);
        tree.Publish(entries.Take(517));

        var (export, steps) = await ProveAsync(All with { Order = order, Limit = limit }, entries, tree);

        var checkpoint = export.Checkpoint!.Checkpoint;
        var seen = new List<long>();
        foreach (var step in steps)
        {
            Assert.That(step.Proofs, Has.Count.EqualTo(step.Records.Count));
            foreach (var (record, proof) in step.Records.Zip(step.Proofs!))
            {
                seen.Add(record.Sequence);
                Assert.That(EntrySide.TryDecode(record.Side, out var side), Is.True);
                Assert.That(EntryRecord.TryDecode(record.Record.Span, out var entry, out _), Is.True);
                var leaf = TreeHash.OfLeaf(LogLeaf.Of(entry!, side.Salt.Span).Encode());
                Assert.That(TreeProof.IsIncluded(record.Sequence, checkpoint.Size, leaf, [.. proof], checkpoint.Root), Is.True);
            }
        }

        var all = Enumerable.Range(0, 517).Select(i => (long)i);
        Assert.That(seen, Is.EqualTo((order == "asc" ? all : all.Reverse()).Take((int)(limit ?? 517))));
        Assert.That(steps[^1].HasMore, Is.EqualTo(limit is not null));
    }

    [Test]
    public async Task Handle_ProofsInParts_GoOnWithWhatIsCoveredSince()
    {
        var entries = Some.Entries(30);
        var tree = new MemoryTree(Signer);
        tree.Publish(entries.Take(10));
        var (first, _) = await ProveAsync(All, entries, tree);
        var (still, none) = await ProveAsync(All with { Cursor = first.NextCursor }, entries, tree);
        tree.Publish(entries.Skip(10));

        var (_, rest) = await ProveAsync(All with { Cursor = still.NextCursor }, entries, tree);

        Assert.That(none.Sum(step => step.Records.Count), Is.Zero);
        Assert.That(rest.SelectMany(step => step.Records).Select(record => record.Sequence), Is.EqualTo(Enumerable.Range(10, 20).Select(i => (long)i)));
    }

    [Test]
    public async Task Handle_ProofsBeforeTheFirstCheckpoint_GivesNothingYet()
    {
        var (export, steps) = await ProveAsync(All, Some.Entries(3), new MemoryTree(Signer));
        Assert.That(export.Checkpoint, Is.Null);
        Assert.That(steps.Sum(step => step.Records.Count), Is.Zero);
    }

    [Test]
    public void Handle_ProofsWithoutATile_ThrowsWhichOne()
    {
        var entries = Some.Entries(300);
        var tree = new MemoryTree(Signer) { Read = (tile, hashes) => tile.Level == 0 && tile.Index == 0 ? [] : hashes };
        tree.Publish(entries);
        Assert.That(() => ProveAsync(All, entries, tree), Throws.InstanceOf<MissingTileException>());
    }

    private static async Task<(LogExport Export, List<LogExportStep> Steps)> ProveAsync(
        ExportLogsQuery query, IReadOnlyList<LogEntry> entries, MemoryTree tree)
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", entries.Count));
        var handler = new ExportLogsQueryHandler(logs.Object, MemorySearch.Of(entries), tree, new LogTree(tree, Signer));
        var result = await handler.Handle(query with { Proofs = true }, CancellationToken.None);
        if (!result.TryGet(out var export, out var error)) throw new AssertionException(error.ToString());
        var steps = new List<LogExportStep>();
        await foreach (var step in export.Steps) steps.Add(step);
        return (export, steps);
    }

    private static async Task<(LogExport Export, List<long> Seen, LogExportStep Last)> ExportAsync(ExportLogsQuery query, int count)
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", count));
        var records = Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<byte>)EntryRecord.Encode(Given.Entry())).ToList();

        var tree = new MemoryTree(Signer);
        var handler = new ExportLogsQueryHandler(logs.Object, new MemorySearch(records, stepEntries: 3), tree, new LogTree(tree, Signer));

        var result = await handler.Handle(query, CancellationToken.None);

        if (!result.TryGet(out var export, out var error)) throw new AssertionException(error.ToString());
        var seen = new List<long>();
        var last = default(LogExportStep);
        await foreach (var step in export.Steps)
        {
            seen.AddRange(step.Records.Select(record => record.Sequence));
            last = step;
        }

        return (export, seen, last);
    }
}
