using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Tree;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Looks at every stored byte of one bundle, read from the store itself.</summary>
internal sealed class BundleAudit(
    AuditReads reads, LeafSource leaves, SealedStore store, EntryCheck check, StoreSeal dropped, AuditOptions options, TimeProvider time)
{
    private const int Attempts = 4;
    private const int MostAttempts = 12;

    // Anybody can write an entry with the status of a redaction; nobody but the service under this user.
    private static readonly ReadOnlyMemory<byte> RedactionUser = Encoding.UTF8.GetBytes(ServiceUsers.Redaction.Value);

    /// <summary>Looks at a bundle; once more if something is wrong, for it may have been moved, redacted or dropped meanwhile.</summary>
    /// <param name="target">What is covered.</param>
    /// <param name="head">A head that was read before.</param>
    /// <param name="bundle">The bundle's number.</param>
    /// <param name="parent">The hash that the tree has over its leaves; null when its tile is not full, or that hash is gone.</param>
    /// <param name="pace">Is told of the work.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<BundleFacts> AuditAsync(
        AuditTarget target, AuditHead head, long bundle, TreeHash? parent, AuditPace pace, CancellationToken cancellationToken)
    {
        IReadOnlyList<AuditFinding> before = [];
        for (var attempt = 1; ; attempt++)
        {
            var facts = new BundleFacts(bundle, options.MaxFindings);
            var tile = reads.ReadAsync(db => ReadTileAsync(db, target, bundle), cancellationToken);
            if (bundle < head.FirstBundle) await AuditDroppedAsync(facts, head, await tile, parent, cancellationToken);
            else await AuditAsync(target, head, facts, await tile, parent, pace, cancellationToken);

            // Beside what is wrong, something may be on its way at the last look: what is found twice stays.
            if (facts.Findings.IsEmpty || attempt == MostAttempts) return facts;
            if (attempt >= Attempts && facts.Findings.Kept.SequenceEqual(before)) return facts;
            before = facts.Findings.Kept;

            await reads.SettleAsync(attempt, cancellationToken);
            head = await reads.ReadHeadAsync(cancellationToken);
        }
    }

    /// <summary>Reads a bundle with what stands beside its entries.</summary>
    public async Task<(LeafBundle Content, bool IsSealed)> ReadAsync(
        AuditHead head, BundleRun run, AuditPace pace, CancellationToken cancellationToken)
    {
        var isSealed = run.Bundle < head.SealedBundles;
        if (isSealed)
        {
            var stored = await reads.ReadAsync(db => store.ReadStoredAsync(db, run.Bundle), cancellationToken);
            var begun = time.GetTimestamp();
            var found = await reads.ReadAsync(db => store.FindAsync(db, run.Bundle, stored), cancellationToken);
            await pace.RestAsync(time.GetElapsedTime(begun), cancellationToken);
            if (found is not null) return (new LeafBundle(run.Bundle, found, run.First, Rows: null), true);
        }

        var content = await leaves.ReadAsync(run, cancellationToken);
        if (content.Rows is not { } rows || !rows.Any(row => row.IsNull)) return (content, isSealed);

        // A crash can leave a bundle half unloaded: what is gone of the hot one is in the sealed one, which was written before.
        var copy = await reads.ReadAsync(db => store.FindAsync(db, run.Bundle), cancellationToken);
        if (copy is null) return (content, isSealed);
        for (var place = run.First; place < content.Content.Count; place++)
        {
            if (!copy.RecordAt(place).Span.SequenceEqual(content.Content.RecordAt(place).Span)) return (content, isSealed);
        }

        return (new LeafBundle(run.Bundle, copy, run.First, Rows: null), isSealed);
    }

    /// <summary>Takes what is counted and indexed of an entry out of its record.</summary>
    public static void Count(BundleFacts facts, LeafBundle content, int place)
    {
        facts.Micros[place] = -1;
        if (content.Content.TryGetFields(place, out var fields))
        {
            facts.Counts.Bytes += fields.RecordLength;
            facts.Counts.Add(fields.User, fields.Status);
            facts.Micros[place] = fields.Micros;
            if (fields.User.SequenceEqual(RedactionUser.Span)) AddTelling(facts, content, place);
        }
        else
        {
            var record = content.Content.RecordAt(place);
            facts.Counts.Bytes += record.Length;
            if (RedactedRecord.TryDecode(record.Span, out var redacted))
            {
                facts.Micros[place] = (redacted.Leaf.Timestamp.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
                facts.Redacted.Add((facts.Bundle * RedisKeys.BundleSize) + place);
            }
        }

        Span<byte> id = stackalloc byte[UuidBytes.Length];
        if (!content.TryGetStoredId(place, id) && !UuidBytes.TryReadFromRecord(content.Content.RecordAt(place).Span, id)) return;
        facts.Ids[place] = BinaryPrimitives.ReadUInt128BigEndian(id);
        var isLocatable = content.Content is SealedBundle bundle ? bundle.IsLocatable(place) : UuidBytes.IsOfTime(id, facts.Micros[place]);
        if (!isLocatable) facts.Others.Add(place);
    }

    private static void AddTelling(BundleFacts facts, LeafBundle content, int place)
    {
        if (!EntryRecord.TryDecode(content.Content.RecordAt(place).Span, out var entry, out _) || entry.UserId != ServiceUsers.Redaction) return;
        foreach (var (name, value) in entry.Attributes.Pairs)
        {
            if (name == "entry_seq" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var target))
                facts.Tellings.Add(((facts.Bundle * RedisKeys.BundleSize) + place, target));
        }
    }

    private async Task AuditAsync(
        AuditTarget target,
        AuditHead head,
        BundleFacts facts,
        ReadOnlyMemory<byte> tile,
        TreeHash? parent,
        AuditPace pace,
        CancellationToken cancellationToken)
    {
        var bundle = facts.Bundle;
        var count = target.CountIn(bundle);
        var (content, isSealed) = await ReadAsync(head, new BundleRun(bundle, 0, count - 1, Descending: false), pace, cancellationToken);
        facts.IsSealed = isSealed;
        if (content.Content.Count == 0 && isSealed && await reads.ReadAsync(db => db.KeyExistsAsync(reads.Keys.Sealed(bundle)), cancellationToken))
        {
            var first = bundle * RedisKeys.BundleSize;
            facts.Findings.Add(new AuditFinding(
                first, first + count - 1, AuditChecks.Record, "the sealed bundle was changed so that none of its entries can be read"));
        }

        var begun = time.GetTimestamp();
        Judge(target, facts, content, tile, parent);
        if (content.Content is SealedBundle sealedBundle) facts.TimeRow = TimeChunk.Encode(sealedBundle);
        await pace.RestAsync(time.GetElapsedTime(begun), cancellationToken);
        if (!isSealed && content.Content is HotBundle { Count: RedisKeys.BundleSize }) await CompareCopyAsync(facts, content, cancellationToken);
    }

    private void Judge(AuditTarget target, BundleFacts facts, LeafBundle content, ReadOnlyMemory<byte> tile, TreeHash? parent)
    {
        var first = facts.Bundle * RedisKeys.BundleSize;
        var count = target.CountIn(facts.Bundle);
        var isRightTile = !tile.IsEmpty && (parent is not { } above || Tile.RootOf(tile.Span) == above);
        if (!isRightTile) AddTile(facts, target, tile.IsEmpty);
        var hashes = new byte[count * TreeHash.Size];
        var canHash = true;
        var isTold = facts.Findings.Kept.Any(finding => finding.Check == AuditChecks.Record);
        for (var place = 0; place < count; place++)
        {
            var problem = check.Judge(content, place, out var leaf);
            facts.Checked++;
            if (problem is not null)
            {
                if (first + place < target.Base && !tile.IsEmpty && IsLost(tile.Span, first + place, place))
                {
                    facts.Lost++;
                    LostLeaf(first + place).CopyTo(hashes.AsSpan(place * TreeHash.Size));
                    Count(facts, content, place);
                    continue;
                }

                canHash = false;
                if (!isTold) facts.Findings.Add(first + place, CheckOf(problem.Text), problem.Text);
            }
            else
            {
                var hash = hashes.AsSpan(place * TreeHash.Size, TreeHash.Size);
                leaf.CopyTo(hash);
                if (isRightTile && !tile.Span.Slice(place * TreeHash.Size, TreeHash.Size).SequenceEqual(hash))
                    facts.Findings.Add(first + place, AuditChecks.Leaf, "the entry is genuine, but not the one that the tree has in this place");
            }

            Count(facts, content, place);
        }

        // Where the tile does not say which entry is another one, the hash over all of them says whether one is.
        if (isRightTile || !canHash || parent is not { } over || Tile.RootOf(hashes) == over) return;
        facts.Findings.Add(new AuditFinding(
            first, first + count - 1, AuditChecks.Leaf, "these entries are not those that the tree has in their places; which are not, the damaged tile can't tell"));
    }

    // Both ways for a while: a bundle is written as a sealed one before it leaves the hot part.
    private async Task CompareCopyAsync(BundleFacts facts, LeafBundle content, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(db => store.FindAsync(db, facts.Bundle), cancellationToken) is not { } copy) return;
        for (var place = 0; place < content.Content.Count; place++)
        {
            if (!copy.RecordAt(place).Span.SequenceEqual(content.Content.RecordAt(place).Span) || !copy.SideAt(place).Span.SequenceEqual(content.SideAt(place).Span))
            {
                facts.Findings.Add(
                    (facts.Bundle * RedisKeys.BundleSize) + place, AuditChecks.Record, "the sealed copy of the entry, which is to replace it, is another one");
            }
        }
    }

    private async Task AuditDroppedAsync(
        BundleFacts facts, AuditHead head, ReadOnlyMemory<byte> tile, TreeHash? parent, CancellationToken cancellationToken)
    {
        var bundle = facts.Bundle;
        var first = bundle * RedisKeys.BundleSize;
        var last = first + RedisKeys.BundleSize - 1;
        if (tile.IsEmpty || parent is { } above && Tile.RootOf(tile.Span) != above) AddTile(facts, first, last, tile.IsEmpty);
        var (note, hasSealed, hasHot) = await reads.ReadAsync(
            async db =>
            {
                var told = db.StringGetAsync(reads.Keys.Dropped(bundle));
                var isSealed = db.KeyExistsAsync(reads.Keys.Sealed(bundle));
                var isHot = db.KeyExistsAsync(reads.Keys.Entries(bundle));
                return (await told, await isSealed, await isHot);
            },
            cancellationToken);
        if (note.IsNull)
        {
            facts.Findings.Add(new AuditFinding(
                first, last, AuditChecks.Dropped, "the log begins after these entries, but nothing says that they were dropped: they were removed, or the head was changed"));
        }
        else if (DroppedNote.TryDecode(dropped, reads.Keys.Dropped(bundle).ToString(), note) is not { } read)
        {
            facts.Findings.Add(new AuditFinding(
                first, last, AuditChecks.Dropped, "what is noted of these dropped entries was changed, or not written by this service"));
        }
        else
        {
            facts.TimeRow = read.TimeRow;
            facts.IsDropped = true;
            await AuditMarksAsync(facts, read, cancellationToken);
        }

        if (first < head.DroppingEnd) return;
        if (hasSealed || hasHot)
            facts.Findings.Add(new AuditFinding(first, last, AuditChecks.Dropped, "these entries were dropped, but the store holds some again"));
    }

    private async Task AuditMarksAsync(BundleFacts facts, DroppedNote note, CancellationToken cancellationToken)
    {
        var marks = await reads.ReadEachAsync(
            note.Others, (db, other) => db.HashExistsAsync(reads.Keys.SealedIds((other[0] << 8) | other[1]), other), cancellationToken);
        var first = facts.Bundle * RedisKeys.BundleSize;
        if (marks.Contains(value: false))
            facts.Findings.Add(new AuditFinding(first, first + RedisKeys.BundleSize - 1, AuditChecks.Ids, "an id of these dropped entries is not marked as dropped, so that another entry could take it"));
    }

    private async Task<ReadOnlyMemory<byte>> ReadTileAsync(IDatabase db, AuditTarget target, long bundle) =>
        await AuditTiles.ReadAsync(db, reads.Keys, target, target.TileOf(bundle));

    private static void AddTile(BundleFacts facts, AuditTarget target, bool isGone)
    {
        var first = facts.Bundle * RedisKeys.BundleSize;
        AddTile(facts, first, first + target.CountIn(facts.Bundle) - 1, isGone);
    }

    private static void AddTile(BundleFacts facts, long first, long last, bool isGone) => facts.Findings.Add(new AuditFinding(
        first, last, AuditChecks.Tile, isGone
            ? "the tile with the leaf hashes of these entries is gone, or cut off"
            : "the tile with the leaf hashes of these entries was changed: the tree above has another hash over them"));

    private static bool IsLost(ReadOnlySpan<byte> tile, long sequence, int place)
    {
        Span<byte> lost = stackalloc byte[TreeHash.Size];
        LostLeaf(sequence).CopyTo(lost);
        return tile.Slice(place * TreeHash.Size, TreeHash.Size).SequenceEqual(lost);
    }

    private static TreeHash LostLeaf(long sequence) =>
        TreeHash.OfLeaf(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"logapi/v1/lost\n{sequence}\n")));

    private static string CheckOf(string problem) =>
        problem.StartsWith("hash mismatch", StringComparison.Ordinal) ? AuditChecks.Hash
        : problem.StartsWith("the store holds another entry", StringComparison.Ordinal)
            || problem.StartsWith("the content under this id", StringComparison.Ordinal)
            || problem.StartsWith("what is stored beside", StringComparison.Ordinal)
            || problem.StartsWith("the entry was replaced", StringComparison.Ordinal) ? AuditChecks.Binding
        : AuditChecks.Record;
}
