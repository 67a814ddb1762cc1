using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The page as a whole.</summary>
public sealed class PageTests : ConsoleTest
{
    [Test]
    public async Task Console_EntryIsWritten_ShowsItWithoutBeingAskedAgain()
    {
        var user = Unique("page");
        var page = await OpenAsync($"?q=user:{user}");
        await page.IsLiveAsync();

        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'seen at once'");

        await Assertions.Expect(page.Page.GetByText("SELECT 'seen at once'")).ToBeVisibleAsync();
    }

    [TestCase(ColorScheme.Light, 1280)]
    [TestCase(ColorScheme.Dark, 1280)]
    [TestCase(ColorScheme.Light, 360)]
    public async Task Console_WithEntries_HasNothingForAxeToComplainOf(ColorScheme colours, int width)
    {
        var user = Unique("axe");
        using var client = await LoginAsync(user);
        foreach (var status in (string[])["SUCCESS", "ERROR", "WARNING", "OTHER"]) await client.WriteAsync($"SELECT '{status}'", status);

        var page = await OpenAsync($"?q=user:{user}", colours: colours, width: width);
        await Assertions.Expect(page.Page.GetByText("SELECT 'OTHER'")).ToBeVisibleAsync();

        await page.AssertAccessibleAsync();
    }
}
