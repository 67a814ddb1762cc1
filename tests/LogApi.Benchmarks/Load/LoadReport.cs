using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Load;

/// <summary>Prints the runs as they come, then the median of each service, then whether everything acknowledged is stored.</summary>
internal sealed class LoadReport(IReadOnlyList<Target> targets)
{
    private readonly Dictionary<Target, List<Row>> _rows = targets.ToDictionary(target => target, _ => new List<Row>());

    /// <summary>Takes one run; the bare endpoint's comes first in every round.</summary>
    public void Add(int round, Target target, LoadResult result, CpuTime cpu)
    {
        if (round == 1 && target == targets[0])
        {
            Console.WriteLine($"{Environment.ProcessorCount} processors");
            WriteLine("round", "endpoint", "requests/s", "p50 ms", "p99 ms", "ratio", "cpu us", "store us", "not 200");
        }

        var bare = target == targets[0] ? result : _rows[targets[0]][^1].Result;
        var answered = result.Acknowledged + result.Refused;
        var row = new Row(result, result.RequestsPerSecond / bare.RequestsPerSecond, cpu.Service * 1e6 / answered, cpu.Store * 1e6 / answered);
        _rows[target].Add(row);
        Write($"{round}", target.Name, [row]);
    }

    public void WriteMedians()
    {
        foreach (var target in targets) Write("median", target.Name, _rows[target]);
    }

    /// <summary>False when a service refused a request, or stores another number of entries than it acknowledged.</summary>
    public async Task<bool> CheckStoredAsync()
    {
        var right = true;
        foreach (var (target, rows) in _rows)
        {
            right &= rows.TrueForAll(row => row.Result.Refused == 0);
            if (target.Server is not { } server) continue;
            var acknowledged = rows.Sum(row => row.Result.Acknowledged);
            var stored = await server.CountEntriesAsync();
            right &= stored == acknowledged;
            Console.WriteLine($"{target.Name}: {acknowledged} entries acknowledged, {stored} stored");
        }

        return right;
    }

    private static void Write(string round, string name, List<Row> rows) => WriteLine(
        round,
        name,
        $"{Median.Of(rows, row => row.Result.RequestsPerSecond):F0}",
        $"{Median.Of(rows, row => row.Result.P50):F2}",
        $"{Median.Of(rows, row => row.Result.P99):F2}",
        $"{Median.Of(rows, row => row.Ratio):F2}",
        $"{Median.Of(rows, row => row.ServiceMicroseconds):F0}",
        $"{Median.Of(rows, row => row.StoreMicroseconds):F0}",
        $"{rows.Sum(row => row.Result.Refused)}");

    private static void WriteLine(
        string round, string name, string rate, string p50, string p99, string ratio, string cpu, string store, string refused) =>
        Console.WriteLine($"{round,-7} {name,-15} {rate,10} {p50,8} {p99,8} {ratio,6} {cpu,7} {store,9} {refused,8}");

    private sealed record Row(LoadResult Result, double Ratio, double ServiceMicroseconds, double StoreMicroseconds);
}
