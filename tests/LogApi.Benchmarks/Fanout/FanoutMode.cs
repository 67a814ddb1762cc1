using System.Globalization;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Fanout;

/// <summary>Measures how many entries arrive at the clients of the live stream, on each store and next to nginx's nchan.</summary>
internal static class FanoutMode
{
    /// <summary>The options that the clients take as they are.</summary>
    private static readonly string[] PassedOn = ["clients", "writers", "warmup", "seconds", "window", "rate"];

    public static readonly string[] Names = [.. PassedOn, "rounds", "stores", "fsync"];

    public static async Task<int> RunAsync(CommandLine arguments)
    {
        var rounds = arguments.Number("rounds", 3);
        var services = Targets.Stores(arguments);
        if (NchanServer.UnavailableReason is { } reason) Console.WriteLine($"Skipped nchan: {reason}.");
        else services.Add(NchanServer.StartAsync);
        var report = new FanoutReport();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var start in services) await RunAsync(start, report, round, arguments);
        }

        report.WriteMedians();
        return report.IsComplete ? 0 : 1;
    }

    /// <summary>Starts anew for every run: the log has to be empty.</summary>
    private static async Task RunAsync(Func<Task<Target>> start, FanoutReport report, int round, CommandLine arguments)
    {
        await using var target = await start();
        List<string> options =
        [
            "subscribe",
            "--port", target.Port.ToString(CultureInfo.InvariantCulture),
            "--token", target.Token,
            "--processes", string.Join(',', target.ProcessIds),
        ];
        if (target.Server is null) options.AddRange(["--stream", NchanServer.StreamPath, "--broker", NchanServer.BrokerPath]);
        foreach (var name in PassedOn)
        {
            if (arguments.Text(name, "") is { Length: > 0 } value) options.AddRange(["--" + name, value]);
        }

        report.Add(round, target.Name, FanoutResult.Parse(await ModeRunner.RunAsync(options)));
    }
}
