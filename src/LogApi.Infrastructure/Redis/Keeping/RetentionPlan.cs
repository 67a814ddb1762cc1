using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Tree;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>Says which of the oldest sealed bundles are past <c>LOG_RETENTION_DAYS</c> or <c>LOG_RETENTION_MAX_ENTRIES</c>.</summary>
internal sealed class RetentionPlan(RedisConnection connection, TreeStore trees, KeeperOptions options, TimeProvider time)
{
    // A run is told by one entry and can't be stopped half way; what is left is the next one's.
    private const int MostBundles = 1_024;

    /// <summary>Whether nothing may be dropped, because the tree may not be signed.</summary>
    public async Task<bool> MustKeepAsync(IDatabase db) =>
        connection.IsSigningRefused || (await db.HashGetAsync(connection.Keys.Tree, "refused")).Length() > 0;

    /// <summary>Makes the next run; nothing when there is nothing to drop.</summary>
    public async Task<RetentionRun?> MakeAsync(IDatabase db, LogExtent extent)
    {
        var first = extent.FirstBundle;
        var end = Math.Min(extent.SealedBundles, first + MostBundles);
        if (end <= first || options is { RetentionDays: 0, RetentionMaxEntries: 0 }) return null;

        // An entry that is not in the published tree yet must be there to be added to it.
        end = Math.Min(end, await trees.FindPublishedAsync(db, extent.Head.Epoch) / RedisKeys.BundleSize);
        if (end <= first) return null;

        var byCount = options.RetentionMaxEntries == 0
            ? first
            : Math.Clamp((extent.Head.Next - options.RetentionMaxEntries) / RedisKeys.BundleSize, first, end);
        var byAge = options.RetentionDays == 0 ? first : await FindEndOfOldAsync(db, first, end);
        if (Math.Max(byCount, byAge) == first) return null;
        var reason = byAge >= byCount
            ? FormattableString.Invariant($"older than {options.RetentionDays} days")
            : FormattableString.Invariant($"more than {options.RetentionMaxEntries} entries");
        return new RetentionRun(
            extent.Head.Epoch, first * RedisKeys.BundleSize, Math.Max(byCount, byAge) * RedisKeys.BundleSize, reason);
    }

    private async Task<long> FindEndOfOldAsync(IDatabase db, long first, long end)
    {
        var oldest = (time.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromDays(options.RetentionDays)).Ticks
            / TimeSpan.TicksPerMicrosecond;
        var found = first;
        TimeChunk? rows = null;
        for (var bundle = first; bundle < end; bundle++)
        {
            var (chunk, place) = Math.DivRem(bundle, TimeChunk.Bundles);
            if (rows is null || place == 0) rows = new TimeChunk(await db.StringGetAsync(connection.Keys.Times(chunk)));

            // A bundle of which no time is known goes with the next one that is old.
            if (rows.RowOf((int)place) is not { Latest: < ulong.MaxValue } row) continue;
            if (row.Latest >= (ulong)Math.Max(0, oldest)) break;
            found = bundle + 1;
        }

        return found;
    }
}
