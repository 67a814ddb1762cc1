using System.Runtime.InteropServices;

namespace LogApi.Benchmarks.Growth;

/// <summary>What an operation costs.</summary>
/// <param name="P50">The median time of a request, in milliseconds; of the whole reading for one that reads the log.</param>
/// <param name="CpuMicroseconds">Processor time of the service and its store for each request, or for each entry read.</param>
/// <param name="Rate">Requests, or entries read, a second.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Cost(double P50, double CpuMicroseconds, double Rate)
{
    public static Cost Median(IReadOnlyCollection<Cost> costs) => new(
        Benchmarks.Median.Of(costs, cost => cost.P50),
        Benchmarks.Median.Of(costs, cost => cost.CpuMicroseconds),
        Benchmarks.Median.Of(costs, cost => cost.Rate));
}
