using System.Globalization;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Bulk;

/// <summary>Compares writing batches through the service with what the append script takes by itself, in each round anew.</summary>
internal sealed class BulkRun(CommandLine arguments)
{
    private readonly List<Row> _rows = [];

    /// <returns>False when an entry was refused.</returns>
    public async Task<bool> RunAsync()
    {
        var raw = new RawAppend(arguments.Text("fsync", "everysec"));
        WriteLine("round", "bulk", "entries/s", "ratio", "cpu us", "store us", "refused");
        for (var round = 1; round <= arguments.Number("rounds", 5); round++)
        {
            var rawRate = await raw.MeasureAsync();
            Add(round, new Row("append script", rawRate, 1, default, 0));
            foreach (var start in Targets.Stores(arguments))
            {
                await using var target = await start();
                await AddAsync(round, target, rawRate);
            }
        }

        foreach (var rows in _rows.GroupBy(row => row.Name))
        {
            var all = rows.ToList();
            var ratio = Median.Of(all, row => row.Ratio);
            Print("median", new Row(rows.Key, Median.Of(all, row => row.Rate), ratio, new CpuTime(Median.Of(all, row => row.Cpu.Service), Median.Of(all, row => row.Cpu.Store)), all.Sum(row => row.Refused)));
        }

        return _rows.TrueForAll(row => row.Refused == 0);
    }

    private async Task AddAsync(int round, Target target, double rawRate)
    {
        var users = await target.Server!.LoginManyAsync(arguments.Number("users", 200));
        var count = arguments.Number("count", 300_000);

        // A new process compiles its code while it runs, for some 20 s under load.
        await Ingest.RunAsync(target, users, count: 3L * count, batch: 1000);
        var before = CpuTime.Of(target);
        var result = await Ingest.RunAsync(target, users, count, batch: 1000);
        var cpu = CpuTime.Of(target) - before;
        Add(round, new Row(
            target.Name,
            result.Accepted / result.Seconds,
            result.Accepted / result.Seconds / rawRate,
            new CpuTime(cpu.Service * 1e6 / result.Accepted, cpu.Store * 1e6 / result.Accepted),
            result.Refused));
    }

    private void Add(int round, Row row)
    {
        _rows.Add(row);
        Print(round.ToString(CultureInfo.InvariantCulture), row);
    }

    private static void Print(string round, Row row) => WriteLine(
        round, row.Name, $"{row.Rate:F0}", $"{row.Ratio:F2}", $"{row.Cpu.Service:F1}", $"{row.Cpu.Store:F1}", $"{row.Refused}");

    private static void WriteLine(string round, string name, string rate, string ratio, string cpu, string store, string refused) =>
        Console.WriteLine($"{round,-7} {name,-15} {rate,10} {ratio,6} {cpu,7} {store,9} {refused,8}");

    private sealed record Row(string Name, double Rate, double Ratio, CpuTime Cpu, long Refused);
}
