using System.Runtime.InteropServices;

namespace LogApi.Benchmarks.Fanout;

/// <summary>One of the things that are compared.</summary>
/// <param name="Service">The service, and the kind of its stream.</param>
/// <param name="Clients">How many clients there are.</param>
/// <param name="IsHalf">Whether entries come at half the rate that it can take.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FanoutCase(string Service, int Clients, bool IsHalf);

/// <summary>Prints the runs as they come, then the median of each case.</summary>
internal sealed class FanoutReport
{
    private readonly Dictionary<FanoutCase, List<FanoutResult>> _results = [];

    /// <summary>Whether every client of every run got every entry, in order.</summary>
    public bool IsComplete => _results.Values.All(results => results.TrueForAll(result => result is { Lost: 0, OutOfOrder: 0 }));

    public void Add(int round, FanoutCase of, FanoutResult result)
    {
        if (_results.Count == 0)
        {
            Console.WriteLine($"{Environment.ProcessorCount} processors");
            WriteLine("round", "service", "clients", "load", "delivered/s", "entries/s", "per cpu s", "incl. store", "p50 ms", "p99 ms", "MB", "lost");
        }

        if (!_results.TryGetValue(of, out var results)) _results[of] = results = [];
        results.Add(result);
        Write($"{round}", of, [result]);
    }

    public void WriteMedians()
    {
        foreach (var (of, results) in _results) Write("median", of, results);
    }

    private static void Write(string round, FanoutCase of, List<FanoutResult> results) => WriteLine(
        round,
        of.Service,
        $"{of.Clients}",
        of.IsHalf ? "half" : "full",
        $"{Median.Of(results, result => result.Deliveries / result.Seconds):F0}",
        $"{Median.Of(results, result => result.Entries / result.Seconds):F0}",
        $"{Median.Of(results, result => result.Deliveries / result.ServiceCpuSeconds):F0}",
        $"{Median.Of(results, result => result.Deliveries / (result.ServiceCpuSeconds + result.StoreCpuSeconds)):F0}",
        $"{Median.Of(results, result => result.P50):F1}",
        $"{Median.Of(results, result => result.P99):F1}",
        $"{Median.Of(results, result => result.ServiceBytes / 1e6):F0}",
        $"{results.Sum(result => result.Lost + result.OutOfOrder)}");

    private static void WriteLine(
        string round, string name, string clients, string load, string rate, string entries, string perCpu, string withStore, string p50, string p99,
        string memory, string lost) =>
        Console.WriteLine($"{round,-7} {name,-22} {clients,7} {load,4} {rate,11} {entries,9} {perCpu,9} {withStore,11} {p50,8} {p99,8} {memory,5} {lost,6}");
}
