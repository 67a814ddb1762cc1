namespace LogApi.Benchmarks.Fanout;

/// <summary>Prints the runs as they come, then the median of each service.</summary>
internal sealed class FanoutReport
{
    private readonly Dictionary<string, List<FanoutResult>> _results = [];

    /// <summary>Whether every client of every run got every entry, in order.</summary>
    public bool IsComplete => _results.Values.All(results => results.TrueForAll(result => result is { Lost: 0, OutOfOrder: 0 }));

    public void Add(int round, string name, FanoutResult result)
    {
        if (_results.Count == 0)
        {
            Console.WriteLine($"{Environment.ProcessorCount} processors");
            WriteLine("round", "service", "delivered/s", "entries/s", "per cpu s", "incl. store", "p50 ms", "p99 ms", "lost");
        }

        if (!_results.TryGetValue(name, out var results)) _results[name] = results = [];
        results.Add(result);
        Write($"{round}", name, [result]);
    }

    public void WriteMedians()
    {
        foreach (var (name, results) in _results) Write("median", name, results);
    }

    private static void Write(string round, string name, List<FanoutResult> results) => WriteLine(
        round,
        name,
        $"{Median.Of(results, result => result.Deliveries / result.Seconds):F0}",
        $"{Median.Of(results, result => result.Entries / result.Seconds):F0}",
        $"{Median.Of(results, result => result.Deliveries / result.ServiceCpuSeconds):F0}",
        $"{Median.Of(results, result => result.Deliveries / (result.ServiceCpuSeconds + result.StoreCpuSeconds)):F0}",
        $"{Median.Of(results, result => result.P50):F1}",
        $"{Median.Of(results, result => result.P99):F1}",
        $"{results.Sum(result => result.Lost + result.OutOfOrder)}");

    private static void WriteLine(
        string round, string name, string rate, string entries, string perCpu, string withStore, string p50, string p99, string lost) =>
        Console.WriteLine($"{round,-7} {name,-15} {rate,11} {entries,9} {perCpu,9} {withStore,11} {p50,8} {p99,8} {lost,6}");
}
