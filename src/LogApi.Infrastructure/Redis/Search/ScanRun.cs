using System.Runtime.InteropServices;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>A run of neighbouring records of one bundle: what one step of a scan looks at.</summary>
/// <param name="First">The lowest number.</param>
/// <param name="Count">How many records.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScanRun(long First, int Count)
{
    /// <summary>The bundle's number.</summary>
    public long Bundle => First / RedisKeys.BundleSize;

    /// <summary>The number after the highest one.</summary>
    public long End => First + Count;

    /// <summary>The same as a part of its bundle.</summary>
    public BundleRun Places
    {
        get
        {
            var place = (int)(First % RedisKeys.BundleSize);
            return new BundleRun(Bundle, place, place + Count - 1, Descending: false);
        }
    }

    /// <summary>Gives what a bundle has of a part of the log.</summary>
    public static ScanRun OfBundle(long bundle, long first, long end)
    {
        var start = Math.Max(bundle * RedisKeys.BundleSize, first);
        return new ScanRun(start, (int)(Math.Min((bundle + 1) * RedisKeys.BundleSize, end) - start));
    }

    /// <summary>Splits a part of the log into runs, the lowest numbers first.</summary>
    /// <param name="first">The lowest number.</param>
    /// <param name="end">The number after the highest one.</param>
    /// <param name="wanted">How many records the first runs are not to go beyond; 0 when they may.</param>
    public static IEnumerable<ScanRun> Ascending(long first, long end, int wanted)
    {
        while (first < end)
        {
            var run = OfBundle(first / RedisKeys.BundleSize, first, end);
            if (wanted > 0 && run.Count > wanted) run = run with { Count = wanted };
            yield return run;
            wanted -= run.Count;
            first = run.End;
        }
    }

    /// <summary>Splits a part of the log into runs, the highest numbers first.</summary>
    /// <inheritdoc cref="Ascending"/>
    public static IEnumerable<ScanRun> Descending(long first, long end, int wanted)
    {
        while (first < end)
        {
            var run = OfBundle((end - 1) / RedisKeys.BundleSize, first, end);
            if (wanted > 0 && run.Count > wanted) run = new ScanRun(end - wanted, wanted);
            yield return run;
            wanted -= run.Count;
            end = run.First;
        }
    }
}
