using System.Globalization;
using LogApi.Benchmarks.Bulk;
using LogApi.Benchmarks.Fanout;
using LogApi.Benchmarks.Growth;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Load;

/// <summary>
/// Compares writing an entry with the bare endpoint, writing batches with what the store takes, and a small log with a large
/// one: each in turn and round by round, since what else a machine does changes from minute to minute.
/// </summary>
internal static class LoadMode
{
    public static readonly string[] Names =
        ["parts", "rounds", "seconds", "warmup", "connections", "stores", "fsync", "users", "count", "entries", .. FanoutRun.Names];

    public static async Task<int> RunAsync(CommandLine arguments)
    {
        var complete = true;
        foreach (var part in arguments.Text("parts", "put,bulk,growth").Split(','))
        {
            complete &= part switch
            {
                "put" => await RunPutAsync(arguments),
                "bulk" => await new BulkRun(arguments).RunAsync(),
                "growth" => await new GrowthRun(arguments).RunAsync(),
                "fanout" => await new FanoutRun(arguments).RunAsync(),
                "idle" => await new IdleRun(arguments).RunAsync(),
                _ => throw new UsageException($"There is no part '{part}': put, bulk, growth, fanout, idle."),
            };
        }

        return complete ? 0 : 1;
    }

    private static async Task<bool> RunPutAsync(CommandLine arguments)
    {
        var rounds = arguments.Number("rounds", 5);
        var targets = new List<Target>();
        try
        {
            targets.Add(await Targets.StartBareAsync());
            foreach (var start in Targets.Stores(arguments)) targets.Add(await start());

            var report = new LoadReport(targets);
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var target in targets)
                {
                    var before = CpuTime.Of(target);
                    var result = LoadResult.Parse(await GenerateAsync(target, arguments));
                    report.Add(round, target, result, CpuTime.Of(target) - before);
                }
            }

            report.WriteMedians();
            return await report.CheckStoredAsync();
        }
        finally
        {
            foreach (var target in targets) await target.DisposeAsync();
        }
    }

    private static Task<string> GenerateAsync(Target target, CommandLine arguments) => ModeRunner.RunAsync(
        "generate",
        "--port", target.Port.ToString(CultureInfo.InvariantCulture),
        "--token", target.Token,
        "--connections", arguments.Text("connections", "32"),
        "--warmup", arguments.Text("warmup", "2"),
        "--seconds", arguments.Text("seconds", "5"));
}
