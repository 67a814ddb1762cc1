using System.Globalization;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Fanout;

/// <summary>Measures what clients cost that only wait and get heartbeats, on each store and next to nginx's nchan, which pings them.</summary>
internal sealed class IdleRun(CommandLine arguments)
{
    private readonly string _clients = arguments.Text("idle", "10000");

    /// <summary>Runs all; false when a client got no heartbeat of ours.</summary>
    public async Task<bool> RunAsync()
    {
        var complete = true;
        Console.WriteLine($"{"service",-22} {"clients",7} {"KB each",8} {"MB",6} {"cpu %",6} {"messages/s",11}");
        if (NchanServer.UnavailableReason is null) await RunAsync(NchanServer.StartAsync, LiveKind.Nchan);
        foreach (var start in Targets.Stores(arguments))
        {
            foreach (var kind in LiveKind.Parse(arguments.Text("kinds", "stream,events"))) complete &= await RunAsync(start, kind) > 0;
        }

        return complete;
    }

    private async Task<double> RunAsync(Func<Task<Target>> start, LiveKind kind)
    {
        await using var target = await start();
        var result = IdleResult.Parse(await ModeRunner.RunAsync(
            "wait",
            "--port", target.Port.ToString(CultureInfo.InvariantCulture),
            "--kind", kind.Name,
            "--clients", _clients,
            "--seconds", arguments.Text("seconds", "60"),
            "--processes", string.Join(',', target.ProcessIds)));
        var name = kind == LiveKind.Nchan ? target.Name : $"{target.Name} {kind.Name}";
        Console.WriteLine(
            $"{name,-22} {result.Clients,7} {result.BytesPerClient / 1e3,8:F1} {result.ServiceBytes / 1e6,6:F0} {result.CpuPercent,6:F1} {result.MessagesPerSecond,11:F0}");
        return result.MessagesPerSecond;
    }
}
