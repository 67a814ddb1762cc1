using System.Globalization;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Bulk;

/// <summary>Runs the client that writes batches, as a process of its own.</summary>
internal static class Ingest
{
    /// <summary>Writes so many entries of several users.</summary>
    public static async Task<IngestResult> RunAsync(Target target, IReadOnlyList<string> tokens, long count, int batch) =>
        IngestResult.Parse(await ModeRunner.RunAsync(
            "ingest",
            "--port", target.Port.ToString(CultureInfo.InvariantCulture),
            "--token", string.Join(',', tokens),
            "--connections", "4",
            "--batch", batch.ToString(CultureInfo.InvariantCulture),
            "--count", count.ToString(CultureInfo.InvariantCulture)));
}
