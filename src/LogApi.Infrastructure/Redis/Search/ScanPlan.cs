using System.Runtime.CompilerServices;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>
/// Says what a scan has to look at: of the sealed part only the bundles that may have entries of the user and the time that are
/// asked for, of the hot part, which is short, everything.
/// </summary>
internal sealed class ScanPlan(UserIndex users, TimeDirectory times)
{
    /// <summary>Gives the runs to look at, in the order of the scan.</summary>
    /// <param name="scan">What to look for, and where.</param>
    /// <param name="extent">A head that was read before; what is sealed since is looked at as if it were not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<ScanRun> RunsAsync(
        LogScan scan, LogExtent extent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var border = Math.Clamp(extent.Sealed, scan.First, scan.End);
        var wanted = scan.Filter.TakesAll ? scan.Wanted : 0;
        if (scan.Order == LogOrder.OldestFirst)
        {
            await foreach (var run in SealedRunsAsync(scan, border, extent, cancellationToken)) yield return run;
            foreach (var run in ScanRun.Ascending(border, scan.End, border == scan.First ? wanted : 0)) yield return run;
        }
        else
        {
            foreach (var run in ScanRun.Descending(border, scan.End, wanted)) yield return run;
            await foreach (var run in SealedRunsAsync(scan, border, extent, cancellationToken)) yield return run;
        }
    }

    private async IAsyncEnumerable<ScanRun> SealedRunsAsync(
        LogScan scan, long border, LogExtent extent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (scan.First == border) yield break;
        var isNewestFirst = scan.Order == LogOrder.NewestFirst;
        var span = scan.Filter.From is null && scan.Filter.To is null ? null : await times.ReadAsync(extent, cancellationToken);
        var (from, to) = (MicrosOf(scan.Filter.From, 0), MicrosOf(scan.Filter.To, ulong.MaxValue));
        await foreach (var bundle in BundlesAsync(scan, border, isNewestFirst, cancellationToken))
        {
            if (span is not null && !span.MayHave(bundle, from, to)) continue;
            yield return ScanRun.OfBundle(bundle, scan.First, border);
        }
    }

    private async IAsyncEnumerable<long> BundlesAsync(
        LogScan scan, long border, bool isNewestFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = (scan.First / RedisKeys.BundleSize, (border - 1) / RedisKeys.BundleSize);
        if (scan.Filter.UserId is { } userId)
        {
            var start = isNewestFirst ? last : first;
            await foreach (var bundle in users.BundlesOfAsync(userId.Value, start, isNewestFirst, cancellationToken))
            {
                if (bundle < first || bundle > last) yield break;
                yield return bundle;
            }
        }
        else if (isNewestFirst)
        {
            for (var bundle = last; bundle >= first; bundle--) yield return bundle;
        }
        else
        {
            for (var bundle = first; bundle <= last; bundle++) yield return bundle;
        }
    }

    // The directory does not go back before 1970.
    private static ulong MicrosOf(LogTimestamp? time, ulong missing) => time is null
        ? missing
        : (ulong)Math.Max(0, (time.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
