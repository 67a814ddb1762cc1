using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LogApi.Benchmarks.Clients;

/// <summary>Times taken, each kept, so that percentiles are exact.</summary>
internal sealed class Samples
{
    private readonly List<long> _ticks = new(1 << 20);

    public int Count => _ticks.Count;

    public void Add(long stopwatchTicks) => _ticks.Add(stopwatchTicks);

    /// <summary>Gives the time, in milliseconds, that the given share of all were done in; 0 without any.</summary>
    public double Percentile(double share)
    {
        if (_ticks.Count == 0) return 0;
        CollectionsMarshal.AsSpan(_ticks).Sort();
        var rank = (int)Math.Ceiling(share * _ticks.Count) - 1;
        return _ticks[Math.Clamp(rank, 0, _ticks.Count - 1)] * 1000.0 / Stopwatch.Frequency;
    }
}
