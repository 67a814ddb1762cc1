using System.Globalization;
using LogApi.Testing;

namespace LogApi.Benchmarks.Processes;

/// <summary>Starts the services that are compared, each on a free port with new data.</summary>
internal static class Targets
{
    public static Task<Target> StartBareAsync() => Target.StartAsync("bare MVC", async target =>
    {
        target.Port = FreePort.Next();
        var log = target.Own(new TempDirectory()).Combine("bare.log");
        var process = target.Own(
            ChildProcess.StartMode(log, "bare", "--port", target.Port.ToString(CultureInfo.InvariantCulture)));
        target.ProcessIds = [process.Id];
        await PortProbe.WaitAsync(target.Port);
    });

    /// <param name="fsync">Redis' <c>appendfsync</c>: <c>everysec</c>, <c>always</c> or <c>no</c>.</param>
    public static Task<Target> StartOnRedisAsync(string fsync) => Target.StartAsync("redis-server", async target =>
    {
        var redis = target.Own(await RedisServerProcess.StartAsync("--appendfsync", fsync));
        Use(target, target.Own(await LogApiServer.StartAsync(redis.Url)));
        target.ProcessIds = [.. target.ProcessIds, redis.ProcessId];
    });

    public static Task<Target> StartEmbeddedAsync() => Target.StartAsync(
        "embedded", async target => Use(target, target.Own(await LogApiServer.StartAsync(redisUrl: ""))));

    private static void Use(Target target, LogApiServer server)
    {
        target.Server = server;
        target.Port = server.Port;
        target.Token = server.Token;
        target.ProcessIds = [server.ProcessId];
    }
}
