using System.Runtime.CompilerServices;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>
/// Says what a scan has to look at: of one user only the bundles that the hot list <c>{log}:user:U</c> or the index of the sealed
/// part names; of a span of time only the sealed bundles that may have it, and the hot part, which is short.
/// </summary>
internal sealed class ScanPlan(RedisConnection connection, UserIndex users, TimeDirectory times)
{
    // Beyond it, sealing is far behind, and it costs less to look at the bundles themselves.
    private const int MaxHotNumbers = 16_384;

    /// <summary>Gives the runs to look at, in the order of the scan.</summary>
    /// <param name="scan">What to look for, and where.</param>
    /// <param name="extent">A head that was read before; what is sealed since is looked at as if it were not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<ScanRun> RunsAsync(
        LogScan scan, LogExtent extent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (scan.First >= scan.End) yield break;
        if (scan.Filter.UserId is null && scan.Filter.From is null && scan.Filter.To is null)
        {
            var wanted = scan.Filter.TakesAll ? scan.Wanted : 0;
            var all = scan.Order == LogOrder.OldestFirst
                ? ScanRun.Ascending(scan.First, scan.End, wanted)
                : ScanRun.Descending(scan.First, scan.End, wanted);
            foreach (var run in all) yield return run;
            yield break;
        }

        var span = scan.Filter.From is null && scan.Filter.To is null ? null : await times.ReadAsync(extent, cancellationToken);
        var (from, to) = (MicrosOf(scan.Filter.From, 0), MicrosOf(scan.Filter.To, ulong.MaxValue));
        await foreach (var bundle in BundlesAsync(scan, cancellationToken))
        {
            if (span is not null && bundle < extent.SealedBundles && !span.MayHave(bundle, from, to)) continue;
            yield return ScanRun.OfBundle(bundle, scan.First, scan.End);
        }
    }

    private async IAsyncEnumerable<long> BundlesAsync(LogScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = (scan.First / RedisKeys.BundleSize, (scan.End - 1) / RedisKeys.BundleSize);
        var isNewestFirst = scan.Order == LogOrder.NewestFirst;
        if (scan.Filter.UserId is not { } userId || await ReadHotAsync(userId, cancellationToken) is not { } hot)
        {
            for (var i = 0L; i <= last - first; i++) yield return isNewestFirst ? last - i : first + i;
            yield break;
        }

        // The bits of a bundle are set before the list loses its numbers: read in this order, one of the two has each bundle.
        var rest = new Queue<long>((isNewestFirst ? hot.OrderDescending() : hot.Order()).Where(bundle => bundle >= first && bundle <= last));
        await foreach (var bundle in users.BundlesOfAsync(userId.Value, isNewestFirst ? last : first, isNewestFirst, cancellationToken))
        {
            if (bundle < first || bundle > last) break;
            while (rest.TryPeek(out var next) && (isNewestFirst ? next >= bundle : next <= bundle))
            {
                rest.Dequeue();
                if (next != bundle) yield return next;
            }

            yield return bundle;
        }

        foreach (var bundle in rest) yield return bundle;
    }

    // The bundles of the hot part that have entries of a user; nothing when there are too many to list.
    private async Task<HashSet<long>?> ReadHotAsync(UserId userId, CancellationToken cancellationToken)
    {
        var numbers = await connection.CallAsync(
            db => db.ListRangeAsync(connection.Keys.User(userId.Value), 0, MaxHotNumbers), cancellationToken);
        return numbers.Length > MaxHotNumbers ? null : [.. numbers.Select(number => (long)number / RedisKeys.BundleSize)];
    }

    // The directory does not go back before 1970.
    private static ulong MicrosOf(LogTimestamp? time, ulong missing) => time is null
        ? missing
        : (ulong)Math.Max(0, (time.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
