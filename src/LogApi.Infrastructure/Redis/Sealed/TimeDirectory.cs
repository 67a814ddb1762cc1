using System.Collections.Concurrent;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// <c>times:C</c>: when the entries of the sealed bundles 1,024·C to 1,024·C+1,023 were accepted. Chunks that are complete don't
/// change any more and are kept in memory: 16 bytes for each 256 entries.
/// </summary>
internal sealed class TimeDirectory(RedisConnection connection)
{
    private const int ReadAtOnce = 64;

    private volatile Kept _kept = new(0);

    /// <summary>Reads the times of every bundle that is sealed by now; at most what was added lately is asked of the store.</summary>
    /// <param name="extent">A head that was read before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<TimeSnapshot> ReadAsync(LogExtent extent, CancellationToken cancellationToken)
    {
        // A read that began in an earlier generation adds to what nobody looks at any more.
        var kept = _kept;
        if (kept.Generation < extent.Generation) _kept = kept = new Kept(extent.Generation);
        else if (kept.Generation > extent.Generation) kept = new Kept(extent.Generation);

        // Rows are written before the head calls their bundle sealed.
        var bundles = extent.Head.Next / RedisKeys.BundleSize;
        var chunks = new TimeChunk[(bundles + TimeChunk.Bundles - 1) / TimeChunk.Bundles];
        for (var start = 0; start < chunks.Length; start += ReadAtOnce)
        {
            var reads = new List<(int Chunk, Task<TimeChunk> Rows)>();
            for (var chunk = start; chunk < Math.Min(start + ReadAtOnce, chunks.Length); chunk++)
            {
                if (kept.Complete.TryGetValue(chunk, out var complete)) chunks[chunk] = complete;
                else reads.Add((chunk, ReadAsync(chunk, extent, kept, cancellationToken)));
            }

            foreach (var (chunk, rows) in reads) chunks[chunk] = await rows;
        }

        return new TimeSnapshot(chunks, extent.SealedBundles);
    }

    private async Task<TimeChunk> ReadAsync(int chunk, LogExtent extent, Kept kept, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> rows = await connection.CallAsync(
            db => db.StringGetAsync(connection.Keys.Times(chunk)), cancellationToken);
        var read = new TimeChunk(rows);
        var isSealed = (chunk + 1L) * TimeChunk.Bundles <= extent.SealedBundles;
        if (isSealed && read.IsComplete) kept.Complete[chunk] = read;
        return read;
    }

    private sealed record Kept(long Generation)
    {
        public ConcurrentDictionary<long, TimeChunk> Complete { get; } = new();
    }
}
