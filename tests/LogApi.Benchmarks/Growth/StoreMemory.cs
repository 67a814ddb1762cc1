using System.Diagnostics;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Growth;

/// <summary>The memory that holds the log.</summary>
internal static class StoreMemory
{
    /// <summary>What <see cref="Of"/> gives for a target.</summary>
    public static string Name(Target target) => target.RedisPort is null ? "the process's resident memory" : "Redis' used_memory";

    /// <summary>Gives it in bytes: what a Redis of its own has allocated; else the process's resident memory.</summary>
    public static long Of(Target target)
    {
        if (target.RedisPort is { } port)
        {
            using var client = new RespClient(port);
            return client.Info("memory", "used_memory");
        }

        using var process = Process.GetProcessById(target.ProcessIds[0]);
        return process.WorkingSet64;
    }
}
