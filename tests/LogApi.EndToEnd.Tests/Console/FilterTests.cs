using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The filter bar, the address and saved views.</summary>
public sealed class FilterTests : ConsoleTest
{
    [Test]
    public async Task Filter_TypedWithCompletion_IsAppliedByTheServerToHistoryAndStream()
    {
        var user = Unique("typed");
        using var client = await LoginAsync(user);
        await client.FillAsync([Entry("SELECT wanted", "ERROR", "x"), Entry("SELECT other", "ERROR", "x"), Entry("SELECT wanted", "SUCCESS", "x"), Entry("SELECT wanted", "ERROR", "y")]);
        var page = await OpenAsync();
        await page.IsLiveAsync();
        var bar = Bar(page);

        await page.Page.Keyboard.PressAsync("/");
        await bar.PressSequentiallyAsync("us");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(bar).ToHaveValueAsync("user:");
        await bar.PressSequentiallyAsync($"{user} status:ERR");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Option, new() { Name = "status:ERROR" })).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Tab");
        await bar.PressSequentiallyAsync("wanted attr.kind:x");
        var stream = page.Page.WaitForWebSocketAsync();
        await page.Page.Keyboard.PressAsync("Enter");

        var asked = (await stream).Url;
        foreach (var parameter in new[] { $"user_id={user}", "status=ERROR", "q=wanted", "attr.kind=x" }) Assert.That(asked, Does.Contain(parameter));
        await Assertions.Expect(page.Page.Locator(".list-row:visible")).ToHaveCountAsync(1);
        await client.FillAsync([Entry("SELECT wanted", "SUCCESS", "x"), Entry("SELECT wanted too", "ERROR", "x")]);
        await Assertions.Expect(page.Page.GetByText("SELECT wanted too")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator(".list-row:visible")).ToHaveCountAsync(2);
    }

    [Test]
    public async Task Filter_StandsInTheAddress_SoThatItCanBeSharedAndGoneBackTo()
    {
        var user = Unique("address");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'one'", "ERROR");
        await client.WriteAsync("SELECT 'two'");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 'two'")).ToBeVisibleAsync();
        await Bar(page).FillAsync($"user:{user} status:ERROR");
        await Bar(page).PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByText("SELECT 'two'")).ToBeHiddenAsync();

        var other = await OpenAsync(new Uri(page.Page.Url).Query);
        await Assertions.Expect(Bar(other)).ToHaveValueAsync($"user:{user} status:ERROR");
        await Assertions.Expect(other.Page.Locator(".list-row:visible")).ToHaveCountAsync(1);
        await page.Page.GoBackAsync();

        await Assertions.Expect(Bar(page)).ToHaveValueAsync($"user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 'two'")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Filter_WithAMistake_SaysItInWordsAndKeepsWhatIsShown()
    {
        var user = Unique("mistake");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 1");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 1")).ToBeVisibleAsync();

        await Bar(page).FillAsync($"user:{user} from:soon");
        await Bar(page).PressAsync("Enter");

        await Assertions.Expect(page.Page.Locator("filter-bar").GetByRole(AriaRole.Alert)).ToContainTextAsync("from: takes a time such as -15m");
        await Assertions.Expect(Bar(page)).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Page.GetByText("SELECT 1")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Filter_RefusedByTheService_SaysWhyInItsWords()
    {
        var page = await OpenAsync("?q=status:not|allowed");

        await Assertions.Expect(page.Page.Locator("stream-status .state")).ToHaveTextAsync("Refused");
        await Assertions.Expect(page.Page.Locator("filter-bar").GetByRole(AriaRole.Alert)).ToContainTextAsync("status");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Drop the filter" }).ClickAsync();
        await page.IsLiveAsync();
    }

    [Test]
    public async Task Views_SavedInThisBrowser_BringFilterAndLookBack()
    {
        var user = Unique("view");
        var page = await OpenAsync($"?q=user:{user}&newest=bottom&columns=time,query");
        await page.Page.Keyboard.PressAsync("b");
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Views" });
        await dialog.GetByLabel("Save what is shown now as").FillAsync("Night shift");
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Night shift" }).First).ToBeVisibleAsync();

        await page.GoAsync();
        await Assertions.Expect(Bar(page)).ToHaveValueAsync("");
        await page.Page.Keyboard.PressAsync("b");
        await dialog.Locator(".view").ClickAsync();
        await Assertions.Expect(Bar(page)).ToHaveValueAsync($"user:{user}");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Time", "Query"]);
        await page.Page.Keyboard.PressAsync("b");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete the view Night shift" }).ClickAsync();

        await Assertions.Expect(dialog.GetByText("None is saved yet")).ToBeVisibleAsync();
    }

    [TestCase("user:alice status:ERROR,DENIED from:-1h some text", ExpectedResult = "user:alice status:ERROR,DENIED from:-1h some text")]
    [TestCase("text USER:\"with space\" more", ExpectedResult = "user:\"with space\" text more")]
    [TestCase("attr.a:\"say \\\"hi\\\"\" http://x.y", ExpectedResult = "attr.a:\"say \\\"hi\\\"\" \"http://x.y\"")]
    public async Task<string> Filter_ReadAndWritten_MeansTheSame(string text)
    {
        var page = await OpenAsync();
        var written = await page.RunAsync<string>("filter", "return module.writeFilter(module.readFilter(argument).filter);", text);
        var again = await page.RunAsync<string>("filter", "return module.writeFilter(module.readFilter(argument).filter);", written);
        Assert.That(again, Is.EqualTo(written));
        return written;
    }

    private static ILocator Bar(ConsolePage page) => page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter" });

    private static object Entry(string query, string status, string kind) => new { query, status, attributes = new { kind } };
}
