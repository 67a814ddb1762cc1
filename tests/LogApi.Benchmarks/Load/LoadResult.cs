using System.Text.Json;

namespace LogApi.Benchmarks.Load;

/// <summary>What one run of the load generator saw.</summary>
/// <param name="RequestsPerSecond">Requests answered 200 a second, after the warm-up.</param>
/// <param name="P50">The median time of a request, in milliseconds.</param>
/// <param name="P99">The time that 99 of 100 requests were done in, in milliseconds.</param>
/// <param name="Acknowledged">Requests answered 200, the warm-up included.</param>
/// <param name="Refused">Requests answered anything else, the warm-up included.</param>
/// <param name="CpuSeconds">What the generator itself used, the warm-up included.</param>
internal sealed record LoadResult(
    double RequestsPerSecond, double P50, double P99, long Acknowledged, long Refused, double CpuSeconds)
{
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">The line is not one of <see cref="ToLine"/>.</exception>
    public static LoadResult Parse(string line) => JsonSerializer.Deserialize<LoadResult>(line) ?? throw new JsonException();
}
