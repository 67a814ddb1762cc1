using System.Globalization;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The rate chart, the counters and the busiest users.</summary>
public sealed partial class ChartTests : ConsoleTest
{
    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Chart_EntriesComeIn_CountsAndStacksThemByStatusInColours(ColorScheme colours)
    {
        var user = Unique("chart");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 0", "ERROR");
        var page = await OpenAsync($"?q=user:{user}", colours: colours);
        await page.IsLiveAsync();
        await client.FillAsync(Enumerable.Range(0, 5).Select(i => (object)new { query = "SELECT 1", status = i < 2 ? "ERROR" : "SUCCESS" }));

        await Assertions.Expect(Legend(page, "Failures")).ToHaveTextAsync("Failures 3");
        await Assertions.Expect(Legend(page, "OK")).ToHaveTextAsync("OK 3");
        var bars = await page.Page.Locator(".bar").EvaluateAllAsync<string[][]>("(bars) => bars.map((bar) => [getComputedStyle(bar).fill, bar.getAttribute('d')])");
        Assert.That(bars.Select(bar => bar[0]), Is.Unique.And.None.EqualTo("rgb(0, 0, 0)"));
        Assert.That(bars.Count(bar => bar[1]?.Length > 0), Is.EqualTo(2), "kinds that are drawn");
    }

    [Test]
    public async Task Chart_Dragged_ShowsThatSpanOfTimeAndGoesBackToLive()
    {
        var user = Unique("drag");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'now'");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 'now'")).ToBeVisibleAsync();

        var plot = (await page.Page.Locator("rate-chart .plot").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(plot.X + (plot.Width * .2f), plot.Y + 20);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(plot.X + (plot.Width * .4f), plot.Y + 20, new() { Steps = 4 });
        await page.Page.Mouse.UpAsync();

        await Assertions.Expect(page.Page.GetByText("Nothing matches in this span of time.")).ToBeVisibleAsync();
        var (from, to) = SpanOf(page);
        Assert.That(to - from, Is.EqualTo(TimeSpan.FromMinutes(3)).Within(TimeSpan.FromSeconds(15)));
        await page.IsLiveAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Back to live" }).First.ClickAsync();
        await Assertions.Expect(page.Page.GetByText("SELECT 'now'")).ToBeVisibleAsync();
        await client.WriteAsync("SELECT 'after'");
        await Assertions.Expect(page.Page.GetByText("SELECT 'after'")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Chart_ByKeyboardAlone_ZoomsInAndOut()
    {
        var user = Unique("keys");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'now'");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 'now'")).ToBeVisibleAsync();

        await page.Page.Keyboard.PressAsync("g");
        var plot = page.Page.GetByRole(AriaRole.Slider);
        await Assertions.Expect(plot).ToBeFocusedAsync();
        for (var i = 0; i < 3; i++) await page.Page.Keyboard.PressAsync("Shift+PageDown");
        await Assertions.Expect(plot).ToHaveAttributeAsync("aria-valuetext", SomeSpan());
        await page.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Page.Locator("rate-chart").GetByRole(AriaRole.Button, new() { Name = "Zoom out" })).ToBeVisibleAsync();
        var (from, to) = SpanOf(page);
        Assert.That(to - from, Is.EqualTo(TimeSpan.FromMinutes(3)));
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Page.GetByText("SELECT 'now'")).ToBeVisibleAsync();
        Assert.That(new Uri(page.Page.Url).Query, Does.Not.Contain("from"));
    }

    [Test]
    public async Task Overview_CountsTheLogAndFiltersByABusyUser()
    {
        var user = Unique("busy");
        await using var server = await LogApi.Testing.ServerProcess.StartAsync();
        using var client = await server.LoginAsync(user);
        await client.FillAsync(Enumerable.Range(0, 8).Select(i => (object)new { query = "SELECT 1", status = i < 2 ? "FAILURE" : "SUCCESS" }));
        var page = await OpenAsync(server: server);

        await Assertions.Expect(page.Page.Locator(".figure-entries dd")).ToHaveTextAsync("8");
        await Assertions.Expect(page.Page.Locator(".figure-failed dd")).ToHaveTextAsync("2 · 25 %");
        await page.Page.GetByRole(AriaRole.Region, new() { Name = "Busiest users" }).GetByRole(AriaRole.Button).First.ClickAsync();

        await Assertions.Expect(page.Page.GetByLabel("Filter", new() { Exact = true })).ToHaveValueAsync($"user:{user}");
        await page.Page.GotoAsync("about:blank");
    }

    private static ILocator Legend(ConsolePage page, string kind) => page.Page.Locator(".legend-item", new() { HasText = kind });

    private static (DateTimeOffset From, DateTimeOffset To) SpanOf(ConsolePage page)
    {
        var words = HttpUtility.ParseQueryString(new Uri(page.Page.Url).Query)["q"]!.Split(' ');
        DateTimeOffset Read(string name) => DateTimeOffset.Parse(
            words.Single(word => word.StartsWith(name, StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
        return (Read("from:"), Read("to:"));
    }

    [GeneratedRegex("^From .* to ", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SomeSpan();
}
