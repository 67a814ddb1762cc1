using System.Diagnostics;
using System.Globalization;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>A page that is left open all day under load.</summary>
public sealed class PerformanceTests : ConsoleTest
{
    private const int Rate = 5_000;
    private const int BurstSeconds = 4;
    private const int Early = 60_000;
    private const int Late = 200_000;
    private const int Batch = 500;

    // At 60 frames a second one comes every 16.7 ms: after one and a half of that at least one was left out.
    private const double LongFrame = 25;
    private static readonly string[] BusyWith = ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task List_UnderABurstAndThenForLong_LosesNothingAndKeepsItsHeap()
    {
        // On a machine that is busy with other tests the store may take its time: what is measured is the page.
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["STORE_TIMEOUT_MS"] = "30000" });
        using var client = await server.LoginAsync("load");
        var page = await OpenAsync(server: server);
        await page.IsLiveAsync();
        var session = await page.Context.NewCDPSessionAsync(page.Page);
        await session.SendAsync("Performance.enable");

        await TestContext.Out.WriteLineAsync("console: " + await BurstAsync(page, session, client, 0, () => ShowsAsync(page, Rate * BurstSeconds)));
        Assert.That(await CountAsync(page), Is.EqualTo(Rate * BurstSeconds));
        Assert.That(await page.Page.Locator(".fact-lost dd").TextContentAsync(), Is.EqualTo("none"));
        Assert.That(await page.Page.Locator(".list-row").CountAsync(), Is.LessThan(80));

        // Then as fast as it goes, far beyond what the list keeps.
        await FillToAsync(client, Rate * BurstSeconds, Early);
        await ShowsAsync(page, Early);
        var early = await HeapAsync(session);
        await FillToAsync(client, Early, Late);
        await ShowsAsync(page, Late);
        var late = await HeapAsync(session);

        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"heap: {early / 1e6:F1} MB after {Early} entries, {late / 1e6:F1} MB after {Late}"));
        Assert.That(await CountAsync(page), Is.EqualTo(50_000));
        Assert.That(late, Is.LessThan((early * 1.1) + 2e6));

        // The same load beside a page that does nothing: frames that are dropped there too are the machine's.
        await page.Page.GotoAsync("about:blank");
        await TestContext.Out.WriteLineAsync("empty page: " + await BurstAsync(page, session, client, Late, () => Task.CompletedTask));
    }

    /// <summary>Writes entries at the rate that the list is made for, and says what became of the page's frames.</summary>
    private static async Task<string> BurstAsync(ConsolePage page, ICDPSession session, HttpClient client, int from, Func<Task> isShown)
    {
        await page.Page.EvaluateAsync(
            """
            () => {
              window.gaps = [];
              let last = performance.now();
              const frame = (now) => { gaps.push(now - last); last = now; requestAnimationFrame(frame); };
              requestAnimationFrame(frame);
            }
            """);
        var before = await MetricsAsync(session);
        var started = Stopwatch.StartNew();
        for (var sent = 0; sent < Rate * BurstSeconds; sent += Batch)
        {
            var due = TimeSpan.FromSeconds((double)sent / Rate) - started.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due);
            await client.FillAsync(Entries(from + sent, Batch));
        }

        var rate = Rate * BurstSeconds / started.Elapsed.TotalSeconds;
        await isShown();
        var after = await MetricsAsync(session);
        var gaps = await page.Page.EvaluateAsync<double[]>("() => gaps");
        var dropped = gaps.Count(gap => gap > LongFrame);
        Array.Sort(gaps);
        var busy = BusyWith.Select(name => string.Create(
            CultureInfo.InvariantCulture, $"{name} {(after[name] - before[name]) / (after["Timestamp"] - before["Timestamp"]):P0}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{rate:F0} entries/s; {gaps.Length} frames, {dropped} late, ms between them p50 {At(gaps, .5):F1}, p95 {At(gaps, .95):F1}, p99 {At(gaps, .99):F1}, longest {gaps[^1]:F1}; main thread: {string.Join(", ", busy)}");
    }

    private static async Task FillToAsync(HttpClient client, int from, int to)
    {
        for (var sent = from; sent < to; sent += 4 * Batch) await client.FillAsync(Entries(sent, 4 * Batch));
    }

    private static IEnumerable<object> Entries(int from, int count) => Enumerable.Range(from, count).Select(i => (object)new
    {
        query = string.Create(CultureInfo.InvariantCulture, $"SELECT {i} FROM orders WHERE customer = 'c-{i * 7919L}'"), status = i % 7 == 0 ? "ERROR" : "SUCCESS",
    });

    private static Task ShowsAsync(ConsolePage page, int count) => Eventually.BecomesTrueAsync(
        async () => await page.Page.Locator(".fact-seq dd").TextContentAsync() == (count - 1).ToString("N0", CultureInfo.InvariantCulture),
        Patience,
        $"the page has number {count - 1}");

    private static async Task<int> CountAsync(ConsolePage page) =>
        int.Parse((await page.Page.GetByRole(AriaRole.Grid).GetAttributeAsync("aria-rowcount"))!, CultureInfo.InvariantCulture) - 1;

    private static async Task<double> HeapAsync(ICDPSession session)
    {
        await session.SendAsync("HeapProfiler.collectGarbage");
        return (await MetricsAsync(session))["JSHeapUsedSize"];
    }

    private static async Task<Dictionary<string, double>> MetricsAsync(ICDPSession session)
    {
        var metrics = await session.SendAsync("Performance.getMetrics");
        return metrics!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
    }

    private static double At(double[] sorted, double part) => sorted[(int)(sorted.Length * part)];
}
