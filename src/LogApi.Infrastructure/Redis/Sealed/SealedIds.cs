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

    private const int MicrosPerMilli = 1000;

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
        var snapshot = await times.ReadAsync(extent, cancellationToken);
        return (extent.Sealed, await Task.WhenAll(ids.Select(id => FindAsync(id, snapshot, cancellationToken))));
    }

    /// <summary>Looks up one id in the sealed part, under a head that was read after the id was missing from the hot part.</summary>
    public async Task<IdLookup> FindAsync(LogId id, LogExtent extent, CancellationToken cancellationToken) =>
        await FindAsync(id, await times.ReadAsync(extent, cancellationToken), cancellationToken);

    private async Task<IdLookup> FindAsync(LogId id, TimeSnapshot snapshot, CancellationToken cancellationToken)
    {
        var bytes = id.Value.ToByteArray(bigEndian: true);
        var fingerprint = new IdFingerprint(bytes);
        var row = connection.CallAsync(
            db => db.HashGetAsync(Keys.SealedIds(fingerprint.Bucket), [bytes, fingerprint.Bytes]), cancellationToken);
        var byTime = FindByTimeAsync(bytes, fingerprint, snapshot, cancellationToken);
        await Task.WhenAll(row, byTime);
        var found = await byTime;
        if (found.State != IdState.NeverStored) return found;
        var (sequence, dropped) = ((await row)[0], (await row)[1]);
        if (!sequence.IsNull) return await ReadAsync(sequence, bytes, cancellationToken);
        return dropped.IsNull ? IdLookup.NeverStored : IdLookup.Dropped;
    }

    private async Task<IdLookup> FindByTimeAsync(
        byte[] id, IdFingerprint fingerprint, TimeSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (!UuidBytes.TryGetMillis(id, out var millis)) return IdLookup.NeverStored;
        var from = (ulong)millis * MicrosPerMilli;
        foreach (var bundle in snapshot.Find(from, from + MicrosPerMilli - 1))
        {
            if (await connection.CallAsync(db => store.FindAsync(db, bundle, id), cancellationToken) is { } content)
            {
                if (content.Find(id) is var place and >= 0) return Found(bundle, place, content);
            }
            else if (await IsDroppedAsync(bundle, fingerprint, cancellationToken))
            {
                return IdLookup.Dropped;
            }
        }

        return IdLookup.NeverStored;
    }

    private async Task<bool> IsDroppedAsync(long bundle, IdFingerprint fingerprint, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> dropped = await connection.CallAsync(db => db.StringGetAsync(Keys.Dropped(bundle)), cancellationToken);
        for (var at = 0; at + IdFingerprint.Length <= dropped.Length; at += IdFingerprint.Length)
        {
            if (dropped.Span.Slice(at, IdFingerprint.Length).SequenceEqual(fingerprint.Bytes)) return true;
        }

        return false;
    }

    // The row of an id names its number; a row that can't be read was changed in the store.
    private async Task<IdLookup> ReadAsync(RedisValue row, byte[] id, CancellationToken cancellationToken)
    {
        if (!long.TryParse((string?)row, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)) return IdLookup.Stored(default);
        var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
        if (await connection.CallAsync(db => store.FindAsync(db, bundle), cancellationToken) is { } content)
        {
            var held = content.Find(id);
            return Found(bundle, held >= 0 ? held : (int)place, content);
        }

        return sequence < (await heads.ReadAsync(cancellationToken)).Head.First
            ? IdLookup.Dropped
            : IdLookup.Stored(new FoundRecord(new StoredRecord(sequence, default), default));
    }

    private static IdLookup Found(long bundle, int place, SealedBundle content) =>
        place < content.Count
            ? IdLookup.Stored(new FoundRecord(
                new StoredRecord((bundle * RedisKeys.BundleSize) + place, content.RecordAt(place)), content.SideAt(place)))
            : IdLookup.Stored(default);
}
