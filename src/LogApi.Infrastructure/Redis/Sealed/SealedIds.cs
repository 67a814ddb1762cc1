using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// Finds ids that the hot part does not have any more. An id of version 7 with its entry's millisecond leads to its bundle by time;
/// any other has a row in <c>ids:B</c>, B from its SHA-256, with its number. Of a dropped entry's id eight bytes of that digest are
/// kept, in <c>dropped:N</c> or in place of the row.
/// </summary>
internal sealed class SealedIds(RedisConnection connection, HeadReader heads, TimeDirectory times, SealedStore store)
{
    /// <summary>What stands where the row of a dropped id was.</summary>
    public const string DroppedMark = "x";

    private const int ReadAtOnce = 8;

    private readonly SealedIdsByTime _byTime = new(connection, store);

    private RedisKeys Keys => connection.Keys;

    /// <summary>
    /// Looks up ids in the sealed part, and says how far that reached: an id whose entry is below the mark is found for sure, one
    /// above it may still be in the hot part only.
    /// </summary>
    public async Task<(long Sealed, IReadOnlyList<IdLookup> Lookups)> FindAsync(
        IReadOnlyList<LogId> ids, CancellationToken cancellationToken)
    {
        // First: what is sealed while this looks is above the mark.
        var extent = await heads.ReadAsync(cancellationToken);
        return (extent.Sealed, await FindAsync(ids, extent, cancellationToken));
    }

    /// <summary>Looks up one id in the sealed part, under a head that was read after the id was missing from the hot part.</summary>
    public async Task<IdLookup> FindAsync(LogId id, LogExtent extent, CancellationToken cancellationToken) =>
        (await FindAsync([id], extent, cancellationToken))[0];

    private async Task<IReadOnlyList<IdLookup>> FindAsync(
        IReadOnlyList<LogId> ids, LogExtent extent, CancellationToken cancellationToken)
    {
        var snapshot = await times.ReadAsync(extent, cancellationToken);
        var wanted = ids.Select(id => id.Value).ToHashSet();
        var (found, lost) = await _byTime.FindAsync(wanted, snapshot, extent, cancellationToken);
        wanted.ExceptWith(found.Keys);
        foreach (var (id, lookup) in await FindByRowAsync(wanted, cancellationToken)) found[id] = lookup;
        return [.. ids.Select(id =>
            found.TryGetValue(id.Value, out var lookup) ? lookup
            : lost.Contains(id.Value) ? IdLookup.Stored(default)
            : IdLookup.NeverStored)];
    }

    private async Task<IReadOnlyList<(Guid Id, IdLookup Lookup)>> FindByRowAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var lookups = new List<(Guid, IdLookup)>();
        var placed = new List<(Guid Id, long Sequence)>();
        foreach (var (id, row, isDropped) in await Task.WhenAll(ids.Select(id => ReadRowAsync(id, cancellationToken))))
        {
            if (row.IsNull)
            {
                if (isDropped) lookups.Add((id, IdLookup.Dropped));
            }
            else if (long.TryParse((string?)row, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                placed.Add((id, sequence));
            }
            else
            {
                // A row that can't be read was changed in the store.
                lookups.Add((id, IdLookup.Stored(default)));
            }
        }

        foreach (var bundles in placed.GroupBy(row => row.Sequence / RedisKeys.BundleSize).Chunk(ReadAtOnce))
        {
            var reads = bundles.Select(bundle => ReadAsync(bundle.Key, [.. bundle], cancellationToken));
            foreach (var read in await Task.WhenAll(reads)) lookups.AddRange(read);
        }

        return lookups;
    }

    private async Task<(Guid Id, RedisValue Row, bool IsDropped)> ReadRowAsync(Guid id, CancellationToken cancellationToken)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        var fingerprint = new IdFingerprint(bytes);
        var row = await connection.CallAsync(
            db => db.HashGetAsync(Keys.SealedIds(fingerprint.Bucket), [bytes, fingerprint.Bytes]), cancellationToken);
        return (id, row[0], !row[1].IsNull);
    }

    private async Task<IReadOnlyList<(Guid Id, IdLookup Lookup)>> ReadAsync(
        long bundle, IReadOnlyList<(Guid Id, long Sequence)> rows, CancellationToken cancellationToken)
    {
        if (await connection.CallAsync(db => store.FindAsync(db, bundle), cancellationToken) is { } content)
        {
            return [.. rows.Select(row =>
            {
                var held = content.Find(row.Id.ToByteArray(bigEndian: true));
                return (row.Id, Found(bundle, held >= 0 ? held : (int)(row.Sequence % RedisKeys.BundleSize), content));
            })];
        }

        var first = (await heads.ReadAsync(cancellationToken)).Head.First;
        return [.. rows.Select(row => (
            row.Id,
            row.Sequence < first ? IdLookup.Dropped : IdLookup.Stored(new FoundRecord(new StoredRecord(row.Sequence, default), default))))];
    }

    /// <summary>Gives what a bundle has at a place.</summary>
    public static IdLookup Found(long bundle, int place, SealedBundle content) =>
        place < content.Count
            ? IdLookup.Stored(new FoundRecord(
                new StoredRecord((bundle * RedisKeys.BundleSize) + place, content.RecordAt(place)), content.SideAt(place)))
            : IdLookup.Stored(default);
}
