using System.Diagnostics;

namespace LogApi.Benchmarks.Processes;

/// <summary>What a process has in memory.</summary>
internal static class Memory
{
    /// <summary>Gives the resident bytes of a process. What the system keeps for its connections is not among them.</summary>
    public static long Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.WorkingSet64;
    }
}
