using System.Diagnostics;
using System.Globalization;
using LogApi.Benchmarks.Bulk;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Signing;

/// <summary>How soon an entry is under a signed checkpoint, and how fast a service that is behind catches up.</summary>
internal static class SigningMode
{
    /// <summary>The options that it knows.</summary>
    public static readonly string[] Names = ["stores", "fsync", "appends", "count"];

    private const int Batch = 50;

    // A service that signs once and then not for a minute is behind by all that is written meanwhile.
    private static readonly Dictionary<string, string> Seldom = new(StringComparer.Ordinal) { ["CHECKPOINT_INTERVAL_MS"] = "60000" };

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Runs the mode.</summary>
    public static async Task<int> RunAsync(CommandLine options)
    {
        foreach (var start in Targets.Stores(options))
        {
            await using var target = await start();
            await MeasureDelayAsync(target, options.Number("appends", 50));
        }

        foreach (var start in Targets.Stores(options, Seldom))
        {
            await using var target = await start();
            await MeasureRateAsync(target, options.Number("count", 500_000));
        }

        return 0;
    }

    private static async Task MeasureDelayAsync(Target target, int appends)
    {
        var delays = new List<double>(appends);
        for (var i = 0; i < appends; i++)
        {
            // Not in step with the checkpoints.
            await Task.Delay(TimeSpan.FromMilliseconds(37 * i % 1_000));
            var sequence = await target.Server!.CountEntriesAsync();
            var started = Stopwatch.GetTimestamp();
            while (target.Server.SignedSize() <= sequence) await Task.Delay(Look);
            delays.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        delays.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {appends} entries, from the answer to the signed checkpoint: p50 {delays[appends / 2]:F0} ms, p99 {delays[^1]:F0} ms"));
    }

    private static async Task MeasureRateAsync(Target target, int count)
    {
        var first = await target.Server!.CountEntriesAsync();
        await WaitAsync(target, first);
        await Ingest.RunAsync(target, await target.Server.LoginManyAsync(200), count, Batch);
        var behind = target.Server.SignedSize();
        await CpuTime.WaitUntilQuietAsync(target);
        if (target.Server.SignedSize() != behind) throw new InvalidOperationException("It was not behind: take fewer entries.");

        await WaitAsync(target, behind);
        var (size, before, started) = (target.Server.SignedSize(), CpuTime.Of(target), Stopwatch.GetTimestamp());
        await WaitAsync(target, first + count - 1);
        var taken = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var used = CpuTime.Of(target) - before;
        var done = first + count - size;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {done} entries behind are signed at {done / taken:N0}/s, {used.Service * 1e6 / done:F1} us of the service and {used.Store * 1e6 / done:F1} us of its store each"));
    }

    private static async Task WaitAsync(Target target, long sequence)
    {
        while (target.Server!.SignedSize() <= sequence) await Task.Delay(Look);
    }
}
