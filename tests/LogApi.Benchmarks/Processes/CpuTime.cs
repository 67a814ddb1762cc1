using System.Diagnostics;

namespace LogApi.Benchmarks.Processes;

/// <summary>The processor time of other processes.</summary>
internal static class CpuTime
{
    /// <summary>Gives what the processes have used since they started, in seconds; steps of 10 ms.</summary>
    public static double Of(IEnumerable<int> processIds) => processIds.Sum(id =>
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    });
}
