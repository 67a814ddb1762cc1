using System.Runtime.CompilerServices;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// Reads records wherever they are. A bundle is sealed before its hot list goes, so who looks at the hot one first and then at
/// the sealed one always finds it. For a bundle that was sealed at the last look at the head, the sealed one is asked for first:
/// should the log have been started anew since, the hot one still comes second.
/// </summary>
internal sealed class BundleReader(RedisConnection connection, HeadReader heads, SealedStore store, BundleCache cache)
{
    private const int ReadAhead = 8;

    // As many as the largest records there are leave within the bound of a reply.
    private const int FirstPiece = 8;
    private const int PieceBytes = StoreOptions.BulkReplyBytes / 4;

    /// <summary>Reads a bundle whole; one without places when there is none.</summary>
    /// <param name="bundle">The bundle's number.</param>
    /// <param name="keep">Whether it is likely to be read again: who goes through many keeps none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<LogBundle> ReadAsync(long bundle, bool keep, CancellationToken cancellationToken) =>
        ReadAsync(new BundleRun(bundle, 0, RedisKeys.BundleSize - 1, Descending: false), keep, cancellationToken);

    /// <summary>Reads at least a part of a bundle: of a hot one only that, a sealed one whole. One without places when there is none.</summary>
    /// <param name="run">The part.</param>
    /// <param name="keep">Whether it is likely to be read again: who goes through many keeps none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<LogBundle> ReadAsync(BundleRun run, bool keep, CancellationToken cancellationToken) =>
        await ReadAsync(db: null, run, keep, cancellationToken) ?? HotBundle.Empty;

    /// <summary>Reads bundles one after the other, some of them ahead.</summary>
    public async IAsyncEnumerable<(long Bundle, LogBundle Content)> ReadEachAsync(
        IAsyncEnumerable<long> numbers, bool keep, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new Queue<(long Bundle, Task<LogBundle> Content)>(ReadAhead);
        await foreach (var bundle in numbers.WithCancellation(cancellationToken))
        {
            ahead.Enqueue((bundle, ReadAsync(bundle, keep, cancellationToken).AsTask()));
            if (ahead.Count < ReadAhead) continue;
            var (oldest, content) = ahead.Dequeue();
            yield return (oldest, await content);
        }

        while (ahead.TryDequeue(out var next)) yield return (next.Bundle, await next.Content);
    }

    /// <summary>Reads records of several bundles, in the order asked for; one that is gone comes out empty.</summary>
    public Task<IReadOnlyList<StoredRecord>> ReadAsync(IReadOnlyList<BundleRun> runs, CancellationToken cancellationToken) =>
        ReadAsync(db: null, runs, cancellationToken);

    /// <summary>As the other, but as a part of a call: for a few records.</summary>
    public Task<IReadOnlyList<StoredRecord>> ReadAsync(IDatabase db, IReadOnlyList<BundleRun> runs) =>
        ReadAsync(db, runs, CancellationToken.None);

    /// <summary>Reads one record, from the store itself even if its bundle is kept: to look for what was changed in the store.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAnewAsync(IDatabase db, long sequence)
    {
        var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
        var hot = await db.ListGetByIndexAsync(connection.Keys.Entries(bundle), place);
        if (!hot.IsNull) return hot;
        return await store.FindAsync(db, bundle) is { } content ? content.RecordAt((int)place) : default;
    }

    /// <summary>
    /// Reads at least a part of a bundle from the store itself even if it is kept: to look for what was changed in the store.
    /// </summary>
    public async Task<LogBundle> ReadStoredAsync(BundleRun run, CancellationToken cancellationToken) =>
        await ReadHotAsync(db: null, run, cancellationToken)
        ?? await ReadSealedAsync(db: null, run.Bundle, keep: false, cancellationToken)
        ?? HotBundle.Empty;

    private async Task<IReadOnlyList<StoredRecord>> ReadAsync(
        IDatabase? db, IReadOnlyList<BundleRun> runs, CancellationToken cancellationToken)
    {
        // All that is needed is asked for at once; the answers come one after the other.
        var replies = new Task<LogBundle?>[runs.Count];
        for (var i = 0; i < replies.Length; i++) replies[i] = ReadAsync(db, runs[i], keep: true, cancellationToken);
        await Task.WhenAll(replies);
        var records = new List<StoredRecord>(runs.Sum(run => run.Count));
        for (var i = 0; i < replies.Length; i++) runs[i].AddTo(records, await replies[i]);
        return records;
    }

    // Without a call that it is a part of, a read is one for the connection for large reads, piece by piece.
    private async Task<LogBundle?> ReadAsync(IDatabase? db, BundleRun run, bool keep, CancellationToken cancellationToken)
    {
        if (cache.Find(run.Bundle) is { } kept) return kept;
        if (run.Bundle >= heads.Last.SealedBundles)
            return await ReadHotAsync(db, run, cancellationToken) ?? await ReadSealedAsync(db, run.Bundle, keep, cancellationToken);
        return await ReadSealedAsync(db, run.Bundle, keep, cancellationToken) ?? await ReadHotAsync(db, run, cancellationToken);
    }

    /// <summary>Reads a part of a hot bundle; nothing when it is not there, or was taken away meanwhile.</summary>
    private async Task<LogBundle?> ReadHotAsync(IDatabase? db, BundleRun run, CancellationToken cancellationToken)
    {
        var key = connection.Keys.Entries(run.Bundle);
        if (db is not null) return HotOf(run, await db.ListRangeAsync(key, run.First, run.Last));
        var records = new List<RedisValue>();
        var count = FirstPiece;
        for (var place = run.First; place <= run.Last;)
        {
            var (first, last) = (place, Math.Min(place + count - 1, run.Last));
            var piece = await connection.ReadBulkAsync(reads => reads.ListRangeAsync(key, first, last), cancellationToken);
            records.AddRange(piece);

            // A list only gets longer until it goes at once: where it ends in a piece it ended, before a piece it may have gone.
            if (piece.Length == 0 && place > run.First && !await connection.ReadBulkAsync(reads => reads.KeyExistsAsync(key), cancellationToken))
                return null;
            if (piece.Length <= last - first) break;
            place = last + 1;
            count = (int)Math.Clamp(PieceBytes / Math.Max(1, piece.Sum(record => record.Length()) / piece.Length), 1, 2L * count);
        }

        return HotOf(run, [.. records]);
    }

    private static HotBundle? HotOf(BundleRun run, RedisValue[] records) => records.Length > 0 ? new HotBundle(run.First, records) : null;

    private async Task<LogBundle?> ReadSealedAsync(IDatabase? db, long bundle, bool keep, CancellationToken cancellationToken)
    {
        var before = heads.Last;
        var content = db is not null
            ? await store.FindAsync(db, bundle)
            : await connection.ReadBulkAsync(reads => store.FindAsync(reads, bundle), cancellationToken);
        if (content is not null && keep) cache.Add(before, bundle, content);
        return content;
    }
}
