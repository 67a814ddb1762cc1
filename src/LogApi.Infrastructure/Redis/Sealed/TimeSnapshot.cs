namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>When the entries of all sealed bundles were accepted, as of one moment.</summary>
internal sealed class TimeSnapshot(IReadOnlyList<TimeChunk> chunks, long sealedBundles)
{
    /// <summary>
    /// Gives the bundles, the oldest first, that may have entries accepted in a span of time, in microseconds since 1970, both ends
    /// included. Dropped bundles are among them.
    /// </summary>
    public IEnumerable<long> Find(ulong from, ulong to)
    {
        for (var chunk = 0; chunk < chunks.Count; chunk++)
        {
            var rows = chunks[chunk];
            if (rows.IsComplete && (rows.Earliest > to || rows.Latest < from)) continue;
            for (var place = 0; place < TimeChunk.Bundles; place++)
            {
                var bundle = ((long)chunk * TimeChunk.Bundles) + place;
                if (MayHave(bundle, from, to)) yield return bundle;
            }
        }
    }

    /// <summary>Whether a bundle may have entries accepted in a span of time.</summary>
    public bool MayHave(long bundle, ulong from, ulong to)
    {
        // A sealed bundle whose row is missing may have anything; one that is not sealed and has no row is in the hot part whole.
        return RowOf(bundle) is { } known ? known.Earliest <= to && known.Latest >= from : bundle < sealedBundles;
    }

    /// <summary>
    /// Whether a bundle is sealed, and a span of time is within that of its entries. False when the times of its entries are not known.
    /// </summary>
    public bool IsSealedWith(long bundle, ulong from, ulong to) =>
        bundle < sealedBundles && RowOf(bundle) is { Latest: < ulong.MaxValue } known && known.Earliest <= to && known.Latest >= from;

    private (ulong Earliest, ulong Latest)? RowOf(long bundle) =>
        bundle / TimeChunk.Bundles < chunks.Count
            ? chunks[(int)(bundle / TimeChunk.Bundles)].RowOf((int)(bundle % TimeChunk.Bundles))
            : null;
}
