using System.Text.Json;

namespace LogApi.Benchmarks.Bulk;

/// <summary>What writing batches gave.</summary>
/// <param name="Accepted">Entries that were acknowledged.</param>
/// <param name="Refused">Entries that were not.</param>
/// <param name="Seconds">The time it took.</param>
/// <param name="CpuSeconds">What the client itself used, making the bodies included.</param>
internal sealed record IngestResult(long Accepted, long Refused, double Seconds, double CpuSeconds)
{
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">The line is not one of <see cref="ToLine"/>.</exception>
    public static IngestResult Parse(string line) => JsonSerializer.Deserialize<IngestResult>(line) ?? throw new JsonException();
}
