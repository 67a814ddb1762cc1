using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LogApi.Benchmarks.Processes;

/// <summary>Processor time in seconds, in steps of 10 ms.</summary>
/// <param name="Service">What the service itself used.</param>
/// <param name="Store">What the store's own process used; 0 when it has none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CpuTime(double Service, double Store)
{
    public static CpuTime operator -(CpuTime after, CpuTime before) =>
        new(after.Service - before.Service, after.Store - before.Store);

    /// <summary>Gives what the processes of a target have used since they started.</summary>
    public static CpuTime Of(Target target) => Of(target.ProcessIds);

    /// <summary>Gives what processes have used since they started.</summary>
    /// <param name="processIds">The service's first, then those of its store.</param>
    public static CpuTime Of(IReadOnlyList<int> processIds) => new(processIds.Take(1).Sum(Of), processIds.Skip(1).Sum(Of));

    /// <summary>Waits until a target does next to nothing: less than 2 % of a processor for three seconds.</summary>
    public static async Task WaitUntilQuietAsync(Target target)
    {
        var pause = TimeSpan.FromSeconds(1);
        var before = Of(target);
        for (var quiet = 0; quiet < 3;)
        {
            await Task.Delay(pause);
            var now = Of(target);
            var used = now - before;
            before = now;
            quiet = used.Service + used.Store < 0.02 ? quiet + 1 : 0;
        }
    }

    private static double Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime.TotalSeconds;
    }
}
