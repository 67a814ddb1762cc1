using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>Writes hot bundles as sealed ones, once.</summary>
internal sealed class BundleWriter(
    RedisConnection connection, SealedStore store, SealedIndex index, KeeperLease lease, KeeperScripts scripts, ILogger<BundleWriter> logger)
{
    private const int ReadAhead = 4;
    private const int ScanPage = 1_000;

    private RedisKeys Keys => connection.Keys;

    /// <summary>Makes sure that each of some neighbouring bundles is sealed, and says what is in it; fewer when the lease is lost.</summary>
    public async Task<IReadOnlyList<BundleContent>> WriteAsync(IDatabase db, long first, int count, CancellationToken cancellationToken)
    {
        var contents = new List<BundleContent>(count);
        var ahead = new Queue<Task<Found>>(ReadAhead);
        for (var i = 0; i < count; i++)
        {
            while (ahead.Count < Math.Min(ReadAhead, count - i)) ahead.Enqueue(ReadAsync(db, first + i + ahead.Count));
            cancellationToken.ThrowIfCancellationRequested();
            if (!await lease.KeepAsync(db)) break;
            contents.Add(await WriteAsync(db, first + i, await ahead.Dequeue()));
        }

        return contents;
    }

    private async Task<Found> ReadAsync(IDatabase db, long bundle)
    {
        // In this order: who finds no hot bundle finds the sealed one that was there before it went.
        var hot = db.ListRangeAsync(Keys.Entries(bundle));
        return new Found(await hot, await store.ReadStoredAsync(db, bundle));
    }

    private async Task<BundleContent> WriteAsync(IDatabase db, long bundle, Found found)
    {
        while (true)
        {
            var existing = found.Sealed.IsNull ? null : await store.FindAsync(db, bundle, found.Sealed);
            if (existing is not null && (found.Hot.Length < RedisKeys.BundleSize || HasRecords(existing, found.Hot)))
                return new BundleContent(bundle, existing);

            // Nothing of it is left because somebody has sealed and dropped it meanwhile, or because somebody has removed it.
            if (found.Hot.Length == 0 && existing is null && await IsSealedAsync(db, bundle))
                return new BundleContent(bundle, SealedBundle.Decode(BundleEncoder.Encode([])));

            if (await GatherAsync(db, bundle, found.Hot) is not { } entries)
            {
                found = (await ReadAsync(db, bundle)) with { Hot = [] };
                continue;
            }

            // A node that lost its last second in a crash may have been given other entries for the same numbers; or an entry was
            // redacted after somebody had read it to seal it.
            if (!found.Sealed.IsNull) logger.SealedAnew(bundle);
            var fresh = BundleEncoder.Encode(entries);
            var content = new BundleContent(bundle, SealedBundle.Decode(fresh));

            // First: once the bundle is replaced, nothing tells who was in it.
            if (existing is not null) await index.RemoveUsersAsync(db, bundle, new BundleContent(bundle, existing).Users.Keys.Except(content.Users.Keys));
            if (await store.TryWriteAsync(db, bundle, found.Sealed, fresh, scripts.Replace)) return content;
            found = await ReadAsync(db, bundle);
        }
    }

    private static bool HasRecords(SealedBundle existing, RedisValue[] hot)
    {
        for (var place = 0; place < hot.Length; place++)
        {
            if (!existing.RecordAt(place).Span.SequenceEqual(((ReadOnlyMemory<byte>)hot[place]).Span)) return false;
        }

        return true;
    }

    private async Task<bool> IsSealedAsync(IDatabase db, long bundle) =>
        (long)await db.HashGetAsync(Keys.Head, "sealed") > bundle * RedisKeys.BundleSize;

    /// <summary>
    /// Adds to the records what the store holds for their ids; gives nothing when rows are missing because somebody else has sealed
    /// the bundle meanwhile.
    /// </summary>
    private async Task<IReadOnlyList<SealedEntry>?> GatherAsync(IDatabase db, long bundle, RedisValue[] hot)
    {
        var entries = new SealedEntry[RedisKeys.BundleSize];
        var ids = new RedisValue[RedisKeys.BundleSize];
        for (var place = 0; place < entries.Length; place++)
        {
            ReadOnlyMemory<byte> record = place < hot.Length ? hot[place] : default;
            entries[place] = new SealedEntry(record, IdOf(record), default);
            ids[place] = entries[place].Id ?? [];
        }

        var start = bundle * RedisKeys.BundleSize;
        var rows = await db.HashGetAsync(Keys.Ids, ids);
        var complete = true;
        for (var place = 0; place < entries.Length; place++)
        {
            if (IdRow.TryParse(rows[place], out var sequence, out var side) && sequence == start + place)
                entries[place] = entries[place] with { Side = side };
            else
                complete = false;
        }

        if (complete) return entries;
        if (await IsSealedAsync(db, bundle)) return null;
        await AddByNumberAsync(db, start, entries);
        return await IsSealedAsync(db, bundle) ? null : entries;
    }

    // Records that were changed or removed don't lead to their rows: those are looked for by number.
    private async Task AddByNumberAsync(IDatabase db, long start, SealedEntry[] entries)
    {
        await foreach (var row in db.HashScanAsync(Keys.Ids, pageSize: ScanPage))
        {
            if (!IdRow.TryParse(row.Value, out var sequence, out var side)) continue;
            if (sequence < start || sequence >= start + entries.Length) continue;
            var id = (byte[])row.Name!;
            if (id.Length == UuidBytes.Length) entries[sequence - start] = entries[sequence - start] with { Id = id, Side = side };
        }
    }

    private static byte[]? IdOf(ReadOnlyMemory<byte> record)
    {
        var id = new byte[UuidBytes.Length];
        return UuidBytes.TryReadFromRecord(record.Span, id) ? id : null;
    }

    private readonly record struct Found(RedisValue[] Hot, RedisValue Sealed);
}
