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
}
