using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// Finds ids of version 7 through the time in them. A bundle that may have some of them is read once, however many ids one call looks
/// for. How many are read together begins with one and doubles, so that an id that is found at once has cost little.
/// </summary>
internal sealed class SealedIdsByTime(RedisConnection connection, SealedStore store)
{
    private const int MicrosPerMilli = 1000;
    private const int MaxReadAtOnce = 8;

    /// <summary>Looks up ids.</summary>
    /// <param name="ids">Which.</param>
    /// <param name="snapshot">When the entries of the bundles were accepted.</param>
    /// <param name="extent">The head that the snapshot was read under.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Those that are found, and those that would be in a bundle which the store lost, or which can't be read any more: whether they
    /// are cannot be told, but to call them never stored would let somebody else's entry take the place of a lost one.
    /// </returns>
    public async Task<(Dictionary<Guid, IdLookup> Found, IReadOnlySet<Guid> Lost)> FindAsync(
        IReadOnlyCollection<Guid> ids, TimeSnapshot snapshot, LogExtent extent, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, IdLookup>();
        var lost = new HashSet<Guid>();
        var rest = new Queue<(long Bundle, List<Guid> Ids)>(Candidates(ids, snapshot));
        for (var width = 1; rest.Count > 0; width = Math.Min(2 * width, MaxReadAtOnce))
        {
            var reads = new List<Task<(List<(Guid Id, IdLookup Lookup)> Found, List<Guid> Lost)>>(width);
            while (reads.Count < width && rest.TryDequeue(out var next))
            {
                var wanted = next.Ids.Where(id => !found.ContainsKey(id)).ToHashSet();
                if (wanted.Count > 0) reads.Add(ReadAsync(next.Bundle, wanted, snapshot, extent, cancellationToken));
            }

            foreach (var read in await Task.WhenAll(reads))
            {
                foreach (var (id, lookup) in read.Found) found.TryAdd(id, lookup);
                lost.UnionWith(read.Lost);
            }
        }

        return (found, lost);
    }

    // The oldest bundle first, with the ids that it may have.
    private static IEnumerable<(long Bundle, List<Guid> Ids)> Candidates(IEnumerable<Guid> ids, TimeSnapshot snapshot)
    {
        var candidates = new SortedDictionary<long, List<Guid>>();
        foreach (var sameTime in ids.Select(id => (Id: id, Millis: MillisOf(id))).Where(row => row.Millis >= 0).GroupBy(row => row.Millis))
        {
            var (from, to) = Span(sameTime.Key);
            foreach (var bundle in snapshot.Find(from, to))
            {
                if (!candidates.TryGetValue(bundle, out var here)) candidates[bundle] = here = [];
                here.AddRange(sameTime.Select(row => row.Id));
            }
        }

        return candidates.Select(row => (row.Key, row.Value));
    }

    private async Task<(List<(Guid Id, IdLookup Lookup)> Found, List<Guid> Lost)> ReadAsync(
        long bundle, HashSet<Guid> wanted, TimeSnapshot snapshot, LogExtent extent, CancellationToken cancellationToken)
    {
        var content = await connection.CallAsync(
            db => store.FindAsync(db, bundle, read => Places(read, wanted).Any()), cancellationToken);
        if (content is not null)
            return ([.. Places(content, wanted).Select(held => (held.Id, SealedIds.Found(bundle, held.Place, content)))], []);

        var dropped = await connection.CallAsync(db => db.StringGetAsync(connection.Keys.Dropped(bundle)), cancellationToken);
        var gone = wanted.Where(id => IsAmong(dropped, new IdFingerprint(id.ToByteArray(bigEndian: true)).Bytes)).ToList();
        if (!dropped.IsNull || bundle < extent.FirstBundle) return ([.. gone.Select(id => (id, IdLookup.Dropped))], []);

        // Only where the row of times speaks of these very ids: a bundle without one could have any.
        return ([], [.. wanted.Where(id =>
        {
            var (from, to) = Span(MillisOf(id));
            return snapshot.IsSealedWith(bundle, from, to);
        })]);
    }

    private static IEnumerable<(Guid Id, int Place)> Places(SealedBundle content, HashSet<Guid> wanted)
    {
        var bytes = new byte[UuidBytes.Length];
        for (var place = 0; place < content.Count; place++)
        {
            if (!content.TryGetId(place, bytes)) continue;
            var id = new Guid(bytes, bigEndian: true);
            if (wanted.Contains(id)) yield return (id, place);
        }
    }

    private static bool IsAmong(ReadOnlyMemory<byte> fingerprints, ReadOnlySpan<byte> fingerprint)
    {
        for (var at = 0; at + IdFingerprint.Length <= fingerprints.Length; at += IdFingerprint.Length)
        {
            if (fingerprints.Span.Slice(at, IdFingerprint.Length).SequenceEqual(fingerprint)) return true;
        }

        return false;
    }

    private static long MillisOf(Guid id) => UuidBytes.TryGetMillis(id.ToByteArray(bigEndian: true), out var millis) ? millis : -1;

    private static (ulong From, ulong To) Span(long millis) =>
        ((ulong)millis * MicrosPerMilli, ((ulong)millis * MicrosPerMilli) + MicrosPerMilli - 1);
}
