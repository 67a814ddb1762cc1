using System.Text.Json;

namespace LogApi.Benchmarks.Fanout;

/// <summary>What the clients of one run saw.</summary>
/// <param name="Deliveries">Entries that arrived at clients after the warm-up, all clients together.</param>
/// <param name="Seconds">The time from the end of the warm-up until the last of them arrived.</param>
/// <param name="Entries">Entries acknowledged to the writers after the warm-up.</param>
/// <param name="Lost">Entries that did not arrive at a client, all clients together, the warm-up included.</param>
/// <param name="OutOfOrder">Entries that did not carry the number after the one before.</param>
/// <param name="P50">The median time from sending the request until arrival at a client, in milliseconds.</param>
/// <param name="P99">The time that 99 of 100 deliveries took at the most, in milliseconds.</param>
/// <param name="ServiceCpuSeconds">What the service itself used meanwhile.</param>
/// <param name="StoreCpuSeconds">What the store's own process used meanwhile.</param>
/// <param name="ServiceBytes">What the service had in memory at the end.</param>
internal sealed record FanoutResult(
    long Deliveries,
    double Seconds,
    long Entries,
    long Lost,
    long OutOfOrder,
    double P50,
    double P99,
    double ServiceCpuSeconds,
    double StoreCpuSeconds,
    long ServiceBytes)
{
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">The line is not one of <see cref="ToLine"/>.</exception>
    public static FanoutResult Parse(string line) => JsonSerializer.Deserialize<FanoutResult>(line) ?? throw new JsonException();
}
