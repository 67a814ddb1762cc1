using System.Globalization;
using LogApi.Testing;

namespace LogApi.Benchmarks.Processes;

/// <summary>Starts the services that are compared, each on a free port with new data.</summary>
internal static class Targets
{
    /// <summary>Gives how to start the service on each store that <c>--stores</c> names and this machine has.</summary>
    /// <param name="arguments">The options.</param>
    /// <param name="settings">Settings of the service besides.</param>
    public static List<Func<Task<Target>>> Stores(CommandLine arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        var fsync = arguments.Text("fsync", "everysec");
        var starts = new List<Func<Task<Target>>>();
        foreach (var store in arguments.Text("stores", "redis,embedded").Split(','))
        {
            if (store == "embedded") starts.Add(() => StartEmbeddedAsync(settings));
            else if (store != "redis") throw new UsageException($"There is no store '{store}': redis, embedded.");
            else if (RedisServerProcess.IsAvailable) starts.Add(() => StartOnRedisAsync(fsync, settings));
            else Console.WriteLine($"Skipped redis: {RedisServerProcess.UnavailableReason}.");
        }

        return starts;
    }

    public static Task<Target> StartBareAsync() => Target.StartAsync("bare MVC", async target =>
    {
        target.Port = FreePort.Next();
        var log = target.Own(new TempDirectory()).Combine("bare.log");
        var process = target.Own(
            ChildProcess.StartMode(log, "bare", "--port", target.Port.ToString(CultureInfo.InvariantCulture)));
        target.ProcessIds = [process.Id];
        await PortProbe.WaitAsync(target.Port);
    });

    private static Task<Target> StartOnRedisAsync(string fsync, IReadOnlyDictionary<string, string>? settings) => Target.StartAsync("redis " + fsync, async target =>
    {
        var redis = target.Own(await RedisServerProcess.StartAsync("--appendfsync", fsync));
        Use(target, target.Own(await LogApiServer.StartAsync(redis.Url, settings)));
        target.ProcessIds = [.. target.ProcessIds, redis.ProcessId];
        target.RedisPort = redis.Port;
    });

    private static Task<Target> StartEmbeddedAsync(IReadOnlyDictionary<string, string>? settings) => Target.StartAsync(
        "embedded", async target => Use(target, target.Own(await LogApiServer.StartAsync(redisUrl: "", settings))));

    private static void Use(Target target, LogApiServer server)
    {
        target.Server = server;
        target.Port = server.Port;
        target.Token = server.Token;
        target.ProcessIds = [server.ProcessId];
    }
}
