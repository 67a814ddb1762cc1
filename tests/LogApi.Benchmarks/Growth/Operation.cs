using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LogApi.Benchmarks.Load;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Growth;

/// <summary>Something that is asked of a service, and how its cost is measured.</summary>
internal sealed class Operation
{
    private readonly Func<Target, CommandLine, Task<Cost>> _measure;

    private Operation(string name, Func<Target, CommandLine, Task<Cost>> measure)
    {
        Name = name;
        _measure = measure;
    }

    /// <summary>Writing an entry.</summary>
    public static Operation Put { get; } = new("PUT", (target, arguments) => LoadAsync(target, arguments, path: null));

    /// <summary>Reading the entry in the middle of the log by its id.</summary>
    public static Operation ById { get; } = new("entry by id", async (target, arguments) =>
    {
        var middle = (await target.Server!.GetAsync("/api/v1/stats")).GetProperty("totals").GetProperty("kept").GetInt64() / 2;
        var page = await target.Server.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/logs/export?format=ndjson&limit=1&after={middle}"), lines: true);
        return await LoadAsync(target, arguments, "/api/v1/logs/" + page.GetProperty("id").GetString());
    });

    public string Name { get; }

    /// <summary>The same page again and again.</summary>
    public static Operation Page(string name, string path) => new(name, (target, arguments) => LoadAsync(target, arguments, path));

    /// <summary>The page of 100 in the middle of the history of the user who writes most.</summary>
    public static async Task<Operation> DeepPageAsync(params Target[] targets)
    {
        var paths = new Dictionary<Target, string>();
        foreach (var target in targets) paths[target] = await FindDeepPageAsync(target);
        return new Operation("deep page of a user", (target, arguments) => LoadAsync(target, arguments, paths[target]));
    }

    /// <summary>Reads all of the log, following the cursor; the cost is that of an entry that was looked at.</summary>
    public static Operation Read(string name, string path) => new(name, async (target, _) =>
    {
        var entries = (await target.Server!.GetAsync("/api/v1/stats")).GetProperty("totals").GetProperty("kept").GetInt64();
        var before = CpuTime.Of(target);
        var started = Stopwatch.GetTimestamp();
        await ReadAllAsync(target, path);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var cpu = CpuTime.Of(target) - before;
        return new Cost(elapsed.TotalMilliseconds, (cpu.Service + cpu.Store) * 1e6 / entries, entries / elapsed.TotalSeconds);
    });

    public Task<Cost> MeasureAsync(Target target, CommandLine arguments) => _measure(target, arguments);

    private static async Task<Cost> LoadAsync(Target target, CommandLine arguments, string? path)
    {
        List<string> options =
        [
            "generate",
            "--port", target.Port.ToString(CultureInfo.InvariantCulture),
            "--token", target.Token,
            "--connections", arguments.Text("connections", "8"),
            "--warmup", arguments.Text("warmup", "2"),
            "--seconds", arguments.Text("seconds", "5"),
        ];
        if (path is not null) options.AddRange(["--path", path]);
        var before = CpuTime.Of(target);
        var result = LoadResult.Parse(await ModeRunner.RunAsync(options));
        var cpu = CpuTime.Of(target) - before;
        if (result.Refused > 0) throw new InvalidOperationException($"{path ?? "PUT"} was refused {result.Refused} times.");
        return new Cost(result.P50, (cpu.Service + cpu.Store) * 1e6 / result.Acknowledged, result.RequestsPerSecond);
    }

    private static async Task<string> FindDeepPageAsync(Target target)
    {
        const string path = "/api/v1/logs?user_id=user0000&limit=100";
        var pages = new List<string> { path };
        for (var more = true; more;)
        {
            var answer = await target.Server!.GetAsync(pages[^1]);
            more = answer.GetProperty("has_more").GetBoolean();
            if (more) pages.Add(path + "&cursor=" + Uri.EscapeDataString(answer.GetProperty("next_cursor").GetString()!));
        }

        return pages[pages.Count / 2];
    }

    private static async Task ReadAllAsync(Target target, string path)
    {
        if (path.Contains("/export", StringComparison.Ordinal))
        {
            await target.Server!.DrainAsync(path);
            return;
        }

        JsonElement answer;
        var next = path;
        do
        {
            answer = await target.Server!.GetAsync(next);
            if (answer.TryGetProperty("next_cursor", out var cursor) && cursor.ValueKind == JsonValueKind.String)
                next = path + "&cursor=" + Uri.EscapeDataString(cursor.GetString()!);
        }
        while (answer.GetProperty("has_more").GetBoolean());
    }
}
