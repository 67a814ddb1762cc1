using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Looks at the bundles of a chunk, and at what the indexes of the sealed part have of them.</summary>
internal sealed class ChunkAudit(AuditReads reads, BundleAudit bundles, IndexAudit indexes, AuditKeys keys, AuditOptions options)
{
    /// <summary>How many bundles a chunk has: as many as one of the time index and of the user index.</summary>
    public const int Bundles = TimeChunk.Bundles;

    /// <summary>Takes an audit one chunk further.</summary>
    public async Task<AuditRecord> AuditAsync(AuditRecord record, AuditPace pace, Action<int> progress, CancellationToken cancellationToken)
    {
        var target = record.Target;
        var chunk = record.NextBundle / Bundles;
        var (first, end) = (record.NextBundle, Math.Min((chunk + 1) * Bundles, target.Bundles));

        // First: what is sealed by then is in the indexes, and what is dropped later is looked at as such.
        var head = await reads.ReadHeadAsync(cancellationToken);
        var parents = await ReadParentsAsync(target, first, end, cancellationToken);
        var facts = new BundleFacts[end - first];
        await Parallel.ForAsync(
            0,
            facts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = pace.Workers, CancellationToken = cancellationToken },
            async (i, cancellation) =>
            {
                facts[i] = await bundles.AuditAsync(target, head, first + i, parents[i], pace, cancellation);
                progress(facts[i].Checked);
            });

        var findings = new FindingList(options.MaxFindings, record.Findings, record.MoreFindings);
        foreach (var bundle in facts) findings.Add(bundle.Findings);
        await indexes.AuditAsync(findings, head, facts, record.LatestMicros, cancellationToken);
        var kept = Math.Clamp((await reads.ReadHeadAsync(cancellationToken)).FirstBundle, first, end);
        var untold = record.Untold.ToHashSet();
        await FollowRedactionsAsync(findings, facts, head, untold, cancellationToken);
        return record with
        {
            NextBundle = end,
            IndexedBundles = Math.Max(record.IndexedBundles, Math.Min(end, head.SealedBundles)),
            EntriesChecked = record.EntriesChecked + facts.Sum(bundle => (long)bundle.Checked),
            LatestMicros = Math.Max(record.LatestMicros, facts.Max(bundle => bundle.LatestMicros)),
            Lost = record.Lost + facts.Sum(bundle => (long)bundle.Lost),
            Chunks = [.. record.Chunks.Where(totals => totals.Chunk != chunk), Sum(keys, chunk, kept, end, facts.Where(bundle => bundle.Bundle >= kept), NamedStatuses(head))],
            Untold = [.. untold],
            Redacted = record.Redacted + facts.Sum(bundle => (long)bundle.Redacted.Count),
            Findings = findings.Kept,
            MoreFindings = findings.More,
        };
    }

    /// <summary>Adds up what is counted of bundles.</summary>
    public static ChunkTotals Sum(
        AuditKeys keys, long chunk, long first, long end, IEnumerable<BundleFacts> facts, IReadOnlySet<string> named)
    {
        var totals = new ChunkTotals { Chunk = chunk, First = first, End = end };
        var (bytes, others, users, statuses) = (0L, 0L, UInt128.Zero, UInt128.Zero);
        foreach (var bundle in facts)
        {
            bytes += bundle.Counts.Bytes;
            others += bundle.Others.Count;
            users = unchecked(users + SumUsers(keys, bundle.Counts));
            statuses = unchecked(statuses + SumStatuses(keys, bundle.Counts, named));
        }

        return totals with { Bytes = bytes, Others = others, Users = users, Statuses = statuses };
    }

    /// <summary>Gives the statuses that are counted by name.</summary>
    public static HashSet<string> NamedStatuses(AuditHead head) => head.Statuses().Select(row => row.Status).ToHashSet(StringComparer.Ordinal);

    private static UInt128 SumUsers(AuditKeys keys, EntryCounts counts)
    {
        var sum = UInt128.Zero;
        foreach (var (user, count) in counts.Users)
        {
            if (BundleContent.Unescape(user) is { } name) sum = unchecked(sum + keys.Of(name, count));
        }

        return sum;
    }

    private static UInt128 SumStatuses(AuditKeys keys, EntryCounts counts, IReadOnlySet<string> named)
    {
        var sum = UInt128.Zero;
        foreach (var (status, count) in counts.Statuses)
        {
            if (BundleContent.Unescape(status) is { } name) sum = unchecked(sum + keys.Of(named.Contains(name) ? name : AuditHead.Rest, count));
        }

        return sum;
    }

    // The hash over each bundle's leaves, which is in the tile above; none for the last bundle, or where that tile is gone.
    private async Task<TreeHash?[]> ReadParentsAsync(AuditTarget target, long first, long end, CancellationToken cancellationToken)
    {
        var tiles = new AuditTiles(reads, target);
        var parents = new TreeHash?[end - first];
        for (var bundle = first; bundle < end; bundle = ((bundle / Tile.FullWidth) + 1) * Tile.FullWidth)
        {
            var index = bundle / Tile.FullWidth;
            var width = Tile.WidthIn(target.Size, 1, index);
            if (width == 0) continue;
            var tile = await tiles.ReadAsync(new Tile(1, index, width), cancellationToken);
            for (var at = bundle; at < Math.Min(end, (index * Tile.FullWidth) + width) && !tile.IsEmpty; at++)
                parents[at - first] = TreeHash.From(tile.Span[((int)(at % Tile.FullWidth) * TreeHash.Size)..]);
        }

        return parents;
    }

    private async Task FollowRedactionsAsync(
        FindingList findings, BundleFacts[] facts, AuditHead head, HashSet<long> untold, CancellationToken cancellationToken)
    {
        foreach (var bundle in facts) untold.UnionWith(bundle.Redacted);
        foreach (var bundle in facts)
        {
            foreach (var (sequence, target) in bundle.Tellings)
            {
                if (untold.Remove(target) || target < head.First) continue;
                if (await IsLeftAsync(target, cancellationToken))
                    findings.Add(sequence, AuditChecks.Redaction, $"the entry tells that entry {target} was redacted, but its content is still, or again, in the store");
            }
        }
    }

    // It may have been redacted after it was looked at.
    private async Task<bool> IsLeftAsync(long sequence, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            var head = await reads.ReadHeadAsync(cancellationToken);
            if (sequence < head.First) return false;
            var place = (int)(sequence % RedisKeys.BundleSize);
            var run = new BundleRun(sequence / RedisKeys.BundleSize, place, place, Descending: false);
            var (content, _) = await bundles.ReadAsync(head, run, AuditPace.Full(TimeProvider.System), cancellationToken);
            if (RedactedRecord.TryDecode(content.Content.RecordAt(place).Span, out var _)) return false;
            await reads.SettleAsync(attempt * (head.IsRedacting ? 4 : 1), cancellationToken);
        }

        return true;
    }
}
