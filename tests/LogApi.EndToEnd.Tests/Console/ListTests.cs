using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The live list.</summary>
public sealed partial class ListTests : ConsoleTest
{
    private const int Many = 1_200;

    [Test]
    public async Task List_ScrolledPastTheLoadedEnd_LoadsOlderEntriesIntoTheSameFewRows()
    {
        var user = Unique("many");
        using var client = await LoginAsync(user);
        await client.FillAsync(Numbered(Many));
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(Row(page, Many - 1)).ToBeVisibleAsync();

        // 200 come with the stream, the others page by page as the end comes near.
        await Eventually(page, async () =>
        {
            await ScrollAsync(page, 1_000_000);
            return await Row(page, 0).IsVisibleAsync();
        });

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", (Many + 1).ToString(CultureInfo.InvariantCulture));
        Assert.That(await page.Page.Locator(".list-row").CountAsync(), Is.InRange(10, 80));
        await Assertions.Expect(page.Page.GetByText("Nothing older matches.")).ToBeVisibleAsync();
    }

    [Test]
    public async Task List_ScrolledAway_HoldsNewEntriesBackUntilOneClick()
    {
        var user = Unique("held");
        using var client = await LoginAsync(user);
        await client.FillAsync(Numbered(100));
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(Row(page, 99)).ToBeVisibleAsync();

        await ScrollAsync(page, 600);
        var badge = page.Page.Locator(".list-badge");
        await Assertions.Expect(badge).ToBeVisibleAsync();
        var top = await TopAsync(page);
        for (var i = 100; i < 103; i++) await client.WriteAsync($"SELECT {i}");
        await Assertions.Expect(badge).ToHaveTextAsync("3 new · back to now");
        await Assertions.Expect(Row(page, 102)).ToHaveCountAsync(0);
        Assert.That(await TopAsync(page), Is.EqualTo(top), "what is read stays where it is");

        await badge.ClickAsync();

        await Assertions.Expect(Row(page, 102)).ToBeInViewportAsync();
        await Assertions.Expect(badge).ToBeHiddenAsync();
        Assert.That(await TopAsync(page), Is.Zero);
    }

    [Test]
    public async Task List_NewestAtBottom_FollowsTheEndAndPausesOnScrollingUp()
    {
        var user = Unique("bottom");
        using var client = await LoginAsync(user);
        await client.FillAsync(Numbered(100));
        var page = await OpenAsync($"?q=user:{user}&newest=bottom");
        await Assertions.Expect(Row(page, 99)).ToBeInViewportAsync();

        await client.WriteAsync("SELECT 100");
        await Assertions.Expect(Row(page, 100)).ToBeInViewportAsync();
        await ScrollAsync(page, -500);
        await client.WriteAsync("SELECT 101");
        await Assertions.Expect(page.Page.Locator(".list-badge")).ToHaveTextAsync("1 new · back to now");
        await page.Page.Keyboard.PressAsync("Space");

        await Assertions.Expect(Row(page, 101)).ToBeInViewportAsync();
    }

    [Test]
    public async Task List_NewEntry_IsMarkedForAMomentAndThoseOfHistoryAreNot()
    {
        var user = Unique("new");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 0");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(Row(page, 0)).ToBeVisibleAsync();
        await page.IsLiveAsync();
        // The mark is there for seconds only: it is watched, so that a machine that is busy can't miss it.
        await page.Page.GetByRole(AriaRole.Grid).EvaluateAsync(
            """
            (grid) => {
              window.marked = [];
              new MutationObserver((changes) => {
                for (const { target } of changes) if (target.matches('.list-row.is-new')) marked.push(target.querySelector('.cell-query').textContent);
              }).observe(grid, { attributes: true, attributeFilter: ['class'], subtree: true, childList: true });
            }
            """);

        await client.WriteAsync("SELECT 1");

        await Assertions.Expect(Row(page, 1)).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, 1)).Not.ToHaveClassAsync(IsNew());
        Assert.That(await page.Page.EvaluateAsync<string[]>("() => [...new Set(marked)]"), Is.EqualTo((string[])["SELECT 1"]));
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task List_Statuses_DifferInColourAndInShape(ColorScheme colours)
    {
        var user = Unique("shapes");
        using var client = await LoginAsync(user);
        string[] statuses = ["SUCCESS", "ERROR", "WARNING", "CREATED"];
        foreach (var status in statuses) await client.WriteAsync("SELECT 1", status);
        var page = await OpenAsync($"?q=user:{user}", colours: colours);
        await Assertions.Expect(page.Page.Locator(".cell-status")).ToHaveCountAsync(statuses.Length);

        var looks = await page.Page.Locator(".cell-status").EvaluateAllAsync<string[][]>(
            """
            (cells) => cells.map((cell) => {
              const shape = getComputedStyle(cell.querySelector('.shape'));
              return [getComputedStyle(cell).color, `${shape.clipPath} ${shape.borderRadius}`];
            })
            """);

        Assert.That(looks.Select(look => look[0]), Is.Unique, "colours");
        Assert.That(looks.Select(look => look[1]), Is.Unique, "shapes");
    }

    [Test]
    public async Task List_TimesWrapAndColumns_FollowKeysAndStandInTheAddress()
    {
        var user = Unique("look");
        using var client = await LoginAsync(user);
        await client.FillAsync([new { query = string.Join(' ', Enumerable.Repeat("a_rather_long_word", 40)), status = "SUCCESS", attributes = new { tenant = "acme" } }]);
        var page = await OpenAsync($"?q=user:{user}");
        var row = page.Page.Locator(".list-row");
        await Assertions.Expect(row.Locator(".cell-time")).ToHaveTextAsync(AbsoluteTime());
        var height = (await row.BoundingBoxAsync())!.Height;

        await page.Page.Keyboard.PressAsync("r");
        await Assertions.Expect(row.Locator(".cell-time")).ToHaveTextAsync(RelativeTime());
        await page.Page.Keyboard.PressAsync("w");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Wrap" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.That((await row.BoundingBoxAsync())!.Height, Is.GreaterThan(2 * height));
        await page.Page.Keyboard.PressAsync("c");
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Columns and rows" });
        await dialog.GetByLabel("Attributes").CheckAsync();
        await dialog.GetByLabel("User").UncheckAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.ReloadAsync();

        await Assertions.Expect(row.Locator(".cell-attributes")).ToHaveTextAsync("tenant=acme");
        await Assertions.Expect(row.Locator(".cell-user")).ToHaveCountAsync(0);
        await Assertions.Expect(row.Locator(".cell-time")).ToHaveTextAsync(RelativeTime());
        Assert.That((await row.BoundingBoxAsync())!.Height, Is.GreaterThan(2 * height));
    }

    [Test]
    public async Task List_EmptyLogOrNoMatch_SaysWhatToDo()
    {
        var page = await OpenAsync($"?q=user:{Unique("nobody")}");

        await Assertions.Expect(page.Page.GetByText("Nothing matches so far. What comes from now on shows here.")).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Drop the filter" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByLabel("Filter", new() { Exact = true })).ToHaveValueAsync("");
    }

    private static ILocator Row(ConsolePage page, int number) =>
        page.Page.Locator(".list-row", new() { Has = page.Page.GetByText($"SELECT {number}", new() { Exact = true }) });

    private static IEnumerable<object> Numbered(int count) =>
        Enumerable.Range(0, count).Select(i => (object)new { query = $"SELECT {i}", status = "SUCCESS" });

    private static async Task ScrollAsync(ConsolePage page, float pixels)
    {
        await page.Page.GetByRole(AriaRole.Grid).HoverAsync();
        await page.Page.Mouse.WheelAsync(0, pixels);
    }

    private static Task<double> TopAsync(ConsolePage page) =>
        page.Page.GetByRole(AriaRole.Grid).EvaluateAsync<double>("(grid) => grid.scrollTop");

    private static Task Eventually(ConsolePage page, Func<Task<bool>> condition) =>
        LogApi.Testing.Eventually.BecomesTrueAsync(condition, TimeSpan.FromSeconds(20), $"it shows on {page.Page.Url}");

    [GeneratedRegex("is-new", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IsNew();

    [GeneratedRegex(@"^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.\d{3}$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AbsoluteTime();

    [GeneratedRegex("now|ago", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RelativeTime();
}
