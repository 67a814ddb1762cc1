using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Reads entries with what stands beside them, each time from the store itself: to hash them, or to look for changes.</summary>
internal sealed class LeafSource(RedisConnection connection, BundleReader bundles)
{
    /// <summary>Reads a part of a bundle: of a sealed one all of it, of a hot one as much of the part as there is.</summary>
    public async Task<LeafBundle> ReadAsync(BundleRun run, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Records and rows are read apart: one of before a redaction does not fit the other of after it.
            var before = await ReadRedactionsAsync(run, cancellationToken);
            var read = await ReadOnceAsync(run, cancellationToken);
            if (read.Rows is null || await ReadRedactionsAsync(run, cancellationToken) == before) return read;
        }
    }

    private Task<RedisValue> ReadRedactionsAsync(BundleRun run, CancellationToken cancellationToken) => connection.ReadBulkAsync(
        db => db.HashGetAsync(connection.Keys.Head, RedisKeys.RedactionsOf(run.Bundle)), cancellationToken);

    private async Task<LeafBundle> ReadOnceAsync(BundleRun run, CancellationToken cancellationToken)
    {
        var content = await bundles.ReadStoredAsync(run, cancellationToken);
        if (content is SealedBundle || content.Count <= run.First) return new LeafBundle(run.Bundle, content, run.First, Rows: null);

        var ids = new RedisValue[Math.Min(run.Last + 1, content.Count) - run.First];
        var id = new byte[UuidBytes.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            // Nothing is stored under an empty id.
            ids[i] = UuidBytes.TryReadFromRecord(content.RecordAt(run.First + i).Span, id) ? id.ToArray() : [];
        }

        var rows = await connection.ReadBulkAsync(db => db.HashGetAsync(connection.Keys.Ids, ids), cancellationToken);

        // The rows of a bundle that was sealed after its list was read are gone.
        if (rows.Any(row => row.IsNull)
            && await bundles.ReadStoredAsync(run, cancellationToken) is SealedBundle isSealed)
        {
            return new LeafBundle(run.Bundle, isSealed, run.First, Rows: null);
        }

        return new LeafBundle(run.Bundle, content, run.First, rows);
    }
}
