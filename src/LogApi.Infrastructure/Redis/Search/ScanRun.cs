using System.Runtime.InteropServices;
using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>A run of neighbouring records of one bundle: what one step of a scan looks at.</summary>
/// <param name="First">The lowest number.</param>
/// <param name="Count">How many records.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScanRun(long First, int Count)
{
    /// <summary>Splits a scan into runs, in its order.</summary>
    public static IEnumerable<ScanRun> Of(LogScan scan)
    {
        if (scan.Order == LogOrder.OldestFirst)
        {
            for (var first = scan.First; first < scan.End;)
            {
                var end = Math.Min(((first / RedisKeys.BundleSize) + 1) * RedisKeys.BundleSize, scan.End);
                yield return new ScanRun(first, (int)(end - first));
                first = end;
            }
        }
        else
        {
            for (var end = scan.End; end > scan.First;)
            {
                var first = Math.Max((end - 1) / RedisKeys.BundleSize * RedisKeys.BundleSize, scan.First);
                yield return new ScanRun(first, (int)(end - first));
                end = first;
            }
        }
    }
}
