using System.Globalization;
using LogApi.Benchmarks.Bulk;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Growth;

/// <summary>
/// Holds the cost of the same requests against each other on a small and on a large log, both running at the same time and
/// asked in turn, so that what else the machine does falls on both.
/// </summary>
internal sealed class GrowthRun(CommandLine arguments)
{
    private const int FillBatch = 50;

    private readonly int _rounds = arguments.Number("rounds", 5);

    /// <returns>False when an entry was refused.</returns>
    public async Task<bool> RunAsync()
    {
        var sizes = arguments.Text("entries", "10000,3000000").Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture)).ToArray();
        if (sizes is not [var few, var many]) throw new UsageException("Option '--entries' needs two numbers, such as 10000,3000000.");
        var complete = true;
        foreach (var start in Targets.Stores(arguments))
        {
            await using var small = await start();
            await using var large = await start();
            complete &= await FillAsync(small, few) & await FillAsync(large, many);
            await CompareAsync(small, large);
        }

        return complete;
    }

    private async Task<bool> FillAsync(Target target, long count)
    {
        var users = await target.Server!.LoginManyAsync(arguments.Number("users", 200));
        var before = StoreMemory.Of(target);
        var written = await Ingest.RunAsync(target, users, count, FillBatch);
        await CpuTime.WaitUntilQuietAsync(target);
        var json = (await target.Server.GetAsync("/api/v1/stats")).GetProperty("totals").GetProperty("bytes").GetInt64();
        var memory = StoreMemory.Of(target) - before;
        Console.WriteLine(
            $"{target.Name}: {written.Accepted} entries of {json / written.Accepted} bytes of JSON; {StoreMemory.Name(target)} grew by "
            + $"{memory / written.Accepted} bytes an entry, {(double)memory / json:F2} of the JSON");
        return written.Refused == 0;
    }

    private async Task CompareAsync(Target small, Target large)
    {
        var operations = new[]
        {
            Operation.Put,
            Operation.Page("newest page", "/api/v1/logs?limit=100"),
            await Operation.DeepPageAsync(small, large),
            Operation.ById,
            Operation.Read("filtered scan", "/api/v1/logs?limit=100&q=this+is+nowhere"),
            Operation.Read("export", "/api/v1/logs/export?format=ndjson"),
        };

        Console.WriteLine($"{small.Name,-15} {"",-14} {"small",30} {"large",30} {"ratio of",16}");
        WriteLine("operation", "p50 ms", "cpu us", "a second", "p50 ms", "cpu us", "a second", "p50", "cpu");
        foreach (var operation in operations)
        {
            var (ofSmall, ofLarge) = (new List<Cost>(), new List<Cost>());
            for (var round = 0; round < _rounds; round++)
            {
                ofSmall.Add(await operation.MeasureAsync(small, arguments));
                ofLarge.Add(await operation.MeasureAsync(large, arguments));
            }

            Write(operation.Name, Cost.Median(ofSmall), Cost.Median(ofLarge));
        }
    }

    private static void Write(string name, Cost small, Cost large) => WriteLine(
        name,
        $"{small.P50:F2}", $"{small.CpuMicroseconds:F2}", $"{small.Rate:F0}",
        $"{large.P50:F2}", $"{large.CpuMicroseconds:F2}", $"{large.Rate:F0}",
        $"{large.P50 / small.P50:F2}", $"{large.CpuMicroseconds / small.CpuMicroseconds:F2}");

    private static void WriteLine(
        string name, string p50, string cpu, string rate, string largeP50, string largeCpu, string largeRate, string ratio, string cpuRatio) =>
        Console.WriteLine($"{name,-30} {p50,8} {cpu,10} {rate,10} {largeP50,8} {largeCpu,10} {largeRate,10} {ratio,8} {cpuRatio,7}");
}
