using System.Globalization;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Fanout;

/// <summary>
/// Measures how many entries arrive at the clients of each kind of live stream, on each store and next to nginx's nchan: as fast as
/// they go, and then at half that rate, where the times tell what a client waits.
/// </summary>
internal sealed class FanoutRun(CommandLine arguments)
{
    /// <summary>The options that the clients take as they are.</summary>
    private static readonly string[] PassedOn = ["writers", "batch", "warmup", "seconds", "window"];

    private readonly FanoutReport _report = new();

    public static readonly string[] Names = ["clients", "writers", "batch", "window", "kinds", "idle"];

    /// <summary>Runs all; false when a client did not get an entry, or not in order.</summary>
    public async Task<bool> RunAsync()
    {
        var kinds = LiveKind.Parse(arguments.Text("kinds", "stream,batch,events"));
        var services = Targets.Stores(arguments).SelectMany(start => kinds.Select(kind => (start, kind))).ToList();
        if (NchanServer.UnavailableReason is { } reason) Console.WriteLine($"Skipped nchan: {reason}.");
        else services.Insert(0, (NchanServer.StartAsync, LiveKind.Nchan));
        var clients = arguments.Text("clients", "1,100,500").Split(',').Select(count => int.Parse(count, CultureInfo.InvariantCulture)).ToList();
        for (var round = 1; round <= arguments.Number("rounds", 3); round++)
        {
            foreach (var count in clients)
            {
                foreach (var (start, kind) in services)
                {
                    var most = kind == LiveKind.Nchan ? NchanServer.MostMessagesPerSecond : 0;
                    var full = await RunAsync(start, kind, round, count, isHalf: false, most);
                    await RunAsync(start, kind, round, count, isHalf: true, Math.Max(1, (int)(full.Entries / full.Seconds / 2)));
                }
            }
        }

        _report.WriteMedians();
        return _report.IsComplete;
    }

    /// <summary>Starts anew for every run: the log has to be empty.</summary>
    private async Task<FanoutResult> RunAsync(Func<Task<Target>> start, LiveKind kind, int round, int clients, bool isHalf, int rate)
    {
        await using var target = await start();
        List<string> options =
        [
            "subscribe",
            "--port", target.Port.ToString(CultureInfo.InvariantCulture),
            "--token", target.Token,
            "--processes", string.Join(',', target.ProcessIds),
            "--clients", clients.ToString(CultureInfo.InvariantCulture),
            "--rate", rate.ToString(CultureInfo.InvariantCulture),
            "--kind", kind.Name,
        ];
        foreach (var name in PassedOn)
        {
            if (arguments.Text(name, "") is { Length: > 0 } value) options.AddRange(["--" + name, value]);
        }

        var result = FanoutResult.Parse(await ModeRunner.RunAsync(options));
        _report.Add(round, new FanoutCase(kind == LiveKind.Nchan ? target.Name : $"{target.Name} {kind.Name}", clients, isHalf), result);
        return result;
    }
}
