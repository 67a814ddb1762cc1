namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>
/// Adds up what the records of a part of the log amount to: what the audit has added up of whole chunks, and what it reads again of
/// those that were dropped in part or changed by a redaction since.
/// </summary>
internal sealed class RecordCount(BundleAudit bundles, AuditKeys keys, AuditRecord record, AuditPace pace, int most)
{
    private readonly Dictionary<long, ChunkTotals> _known = record.Chunks.ToDictionary(totals => totals.Chunk);
    private readonly Dictionary<long, BundleFacts> _read = [];

    /// <summary>Forgets a bundle, for an entry of it was redacted.</summary>
    public void Forget(long bundle)
    {
        _known.Remove(bundle / ChunkAudit.Bundles);
        _read.Remove(bundle);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _known.Clear();
        _read.Clear();
    }

    /// <summary>Adds up neighbouring bundles, as far as the audit covers them.</summary>
    public async Task<ChunkTotals> SumAsync(AuditHead head, long from, long to, CancellationToken cancellationToken)
    {
        var sum = new ChunkTotals { Chunk = -1 };
        var named = ChunkAudit.NamedStatuses(head);
        for (var chunk = from / ChunkAudit.Bundles; from < to; chunk++)
        {
            var (start, end) = (from, Math.Min(to, (chunk + 1) * ChunkAudit.Bundles));
            from = end;
            if (_known.GetValueOrDefault(chunk) is { } totals && totals.First == start && totals.End == end) sum = sum.Plus(totals);
            else sum = sum.Plus(ChunkAudit.Sum(keys, chunk, start, end, await ReadAsync(head, start, end, cancellationToken), named));
        }

        return sum;
    }

    /// <summary>Reads bundles for what is counted of them.</summary>
    public async Task<IReadOnlyList<BundleFacts>> ReadAsync(AuditHead head, long start, long end, CancellationToken cancellationToken)
    {
        var missing = Enumerable.Range(0, (int)(end - start)).Select(i => start + i).Where(bundle => !_read.ContainsKey(bundle)).ToList();
        var facts = new BundleFacts[missing.Count];
        await Parallel.ForAsync(
            0,
            missing.Count,
            new ParallelOptions { MaxDegreeOfParallelism = pace.Workers, CancellationToken = cancellationToken },
            async (i, cancellation) => facts[i] = await ReadAsync(head, missing[i], 0, record.Target.CountIn(missing[i]), cancellation));
        foreach (var bundle in facts) _read[bundle.Bundle] = bundle;
        return [.. Enumerable.Range(0, (int)(end - start)).Select(i => _read[start + i])];
    }

    /// <summary>Reads a part of a bundle for what is counted of it.</summary>
    /// <param name="head">A head that was read before.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="first">The first place.</param>
    /// <param name="end">The place behind the last one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="onUser">Is given the place of each entry that has a user, and the user as the record has it.</param>
    public async Task<BundleFacts> ReadAsync(
        AuditHead head, long bundle, int first, int end, CancellationToken cancellationToken, UserVisitor? onUser = null)
    {
        var facts = new BundleFacts(bundle, most);
        var (content, isSealed) = await bundles.ReadAsync(head, new BundleRun(bundle, first, end - 1, Descending: false), pace, cancellationToken);
        facts.IsSealed = isSealed;
        if (content.Content is Sealed.SealedBundle sealedBundle) facts.TimeRow = Sealed.TimeChunk.Encode(sealedBundle);
        for (var place = first; place < Math.Min(end, content.Content.Count); place++)
        {
            BundleAudit.Count(facts, content, place);
            if (onUser is not null && content.Content.TryGetFields(place, out var fields)) onUser(place, fields.User);
        }

        return facts;
    }

    /// <summary>Is given whose an entry is.</summary>
    public delegate void UserVisitor(int place, ReadOnlySpan<byte> user);
}
