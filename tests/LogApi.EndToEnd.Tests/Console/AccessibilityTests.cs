using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>What axe says of the page in its several states, in both schemes and on a small screen.</summary>
public sealed class AccessibilityTests : ConsoleTest
{
    [TestCase(ColorScheme.Light, 1280)]
    [TestCase(ColorScheme.Dark, 1280)]
    [TestCase(ColorScheme.Light, 360)]
    public async Task Page_WithWhatOpensOverIt_HasNothingForAxeToComplainOf(ColorScheme colours, int width)
    {
        var user = Unique("open");
        using var client = await LoginAsync(user);
        for (var i = 0; i < 40; i++) await client.WriteAsync($"SELECT {i}", i % 2 == 0 ? "ERROR" : "WARNING");
        var page = await OpenAsync($"?q=user:{user} SELECT", colours: colours, width: width);
        await Assertions.Expect(page.Page.Locator(".list-row").First).ToBeVisibleAsync();
        var keyboard = page.Page.Keyboard;

        await keyboard.PressAsync("Space");
        await client.WriteAsync("SELECT 'held'", "SUCCESS");
        await Assertions.Expect(page.Page.Locator(".list-badge.has-new")).ToBeVisibleAsync();
        await keyboard.PressAsync("/");
        await page.Page.GetByRole(AriaRole.Combobox).FillAsync("from:x ");
        await keyboard.PressAsync("Enter");
        await keyboard.TypeAsync("st");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
        await keyboard.PressAsync("Escape");
        await keyboard.PressAsync("Escape");

        foreach (var key in new[] { "?", "c", "b" })
        {
            var dialog = page.Page.GetByRole(AriaRole.Dialog);
            await keyboard.PressAsync(key);
            await Assertions.Expect(dialog).ToBeVisibleAsync();
            await page.AssertAccessibleAsync();
            await keyboard.PressAsync("Escape");

            // The browser itself closes it, at times after it has passed on the next key, which then goes to the dialog.
            await Assertions.Expect(dialog).ToBeHiddenAsync();
        }
    }

    [Test]
    public async Task Page_OnASmallScreen_NeedsNoScrollingSideways()
    {
        var user = Unique("narrow");
        using var client = await LoginAsync(user);
        await client.WriteAsync(new string('x', 400));
        var page = await OpenAsync($"?q=user:{user}", width: 360);
        await Assertions.Expect(page.Page.Locator(".list-row")).ToBeVisibleAsync();

        Assert.That(await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
        foreach (var part in new[] { ".cell-user", ".cell-status", ".cell-time", ".cell-query", "stream-status .state", ".fact-lost" })
            await Assertions.Expect(page.Page.Locator(part).First).ToBeInViewportAsync();
    }
}
