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
        cache.Find(run.Bundle) ?? await connection.CallAsync(db => ReadAsync(db, run, keep), cancellationToken);

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
    public async Task<IReadOnlyList<StoredRecord>> ReadAsync(IDatabase db, IReadOnlyList<BundleRun> runs)
    {
        // All that is needed is asked for at once; the answers come one after the other.
        var replies = new Task<LogBundle?>[runs.Count];
        for (var i = 0; i < replies.Length; i++) replies[i] = ReadRunAsync(db, runs[i]);
        await Task.WhenAll(replies);
        var records = new List<StoredRecord>(runs.Sum(run => run.Count));
        for (var i = 0; i < replies.Length; i++) runs[i].AddTo(records, await replies[i]);
        return records;
    }

    /// <summary>Reads one record, from the store itself even if its bundle is kept: to look for what was changed in the store.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAnewAsync(IDatabase db, long sequence)
    {
        var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
        var hot = await db.ListGetByIndexAsync(connection.Keys.Entries(bundle), place);
        if (!hot.IsNull) return hot;
        return await store.FindAsync(db, bundle) is { } content ? content.RecordAt((int)place) : default;
    }

    private async Task<LogBundle> ReadAsync(IDatabase db, BundleRun run, bool keep)
    {
        if (!IsSealed(run.Bundle)) return await ReadHotAsync(db, run) ?? await ReadSealedAsync(db, run.Bundle, keep) ?? HotBundle.Empty;
        return await ReadSealedAsync(db, run.Bundle, keep) ?? await ReadHotAsync(db, run) ?? HotBundle.Empty;
    }

    private async Task<LogBundle?> ReadRunAsync(IDatabase db, BundleRun run)
    {
        if (cache.Find(run.Bundle) is { } kept) return kept;
        if (!IsSealed(run.Bundle)) return await ReadHotAsync(db, run) ?? await ReadSealedAsync(db, run.Bundle, keep: true);
        return await ReadSealedAsync(db, run.Bundle, keep: true) ?? await ReadHotAsync(db, run);
    }

    private bool IsSealed(long bundle) => bundle < heads.Last.SealedBundles;

    private async Task<LogBundle?> ReadHotAsync(IDatabase db, BundleRun run)
    {
        var records = await db.ListRangeAsync(connection.Keys.Entries(run.Bundle), run.First, run.Last);
        return records.Length > 0 ? new HotBundle(run.First, records) : null;
    }

    private async Task<LogBundle?> ReadSealedAsync(IDatabase db, long bundle, bool keep)
    {
        var epoch = heads.Last.Head.Epoch;
        var content = await store.FindAsync(db, bundle);
        if (content is not null && keep) cache.Add(epoch, bundle, content);
        return content;
    }
}
