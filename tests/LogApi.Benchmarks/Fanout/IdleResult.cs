using System.Text.Json;

namespace LogApi.Benchmarks.Fanout;

/// <summary>What clients cost that only wait.</summary>
/// <param name="Clients">How many there are.</param>
/// <param name="BytesPerClient">How much the service's memory grew for each.</param>
/// <param name="ServiceBytes">What the service had in memory at the end.</param>
/// <param name="CpuPercent">What the service used of a processor while they waited.</param>
/// <param name="MessagesPerSecond">How many heartbeats came, all clients together.</param>
internal sealed record IdleResult(int Clients, double BytesPerClient, long ServiceBytes, double CpuPercent, double MessagesPerSecond)
{
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">The line is not one of <see cref="ToLine"/>.</exception>
    public static IdleResult Parse(string line) => JsonSerializer.Deserialize<IdleResult>(line) ?? throw new JsonException();
}
