using System.Diagnostics;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The page without a mouse, and for those who don't see it.</summary>
public sealed class KeyboardTests : ConsoleTest
{
    private static readonly TimeSpan PauseBetweenWords = TimeSpan.FromSeconds(4);

    [Test]
    public async Task Keys_WithoutAMouse_FilterSelectOpenCloseAndPause()
    {
        var user = Unique("keyboard");
        using var client = await LoginAsync(user);
        for (var i = 0; i < 3; i++) await client.WriteAsync($"SELECT {i}");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(page.Page.Locator(".list-row:visible")).ToHaveCountAsync(3);
        var keyboard = page.Page.Keyboard;
        var selected = page.Page.Locator(".list-row[aria-selected=true]");

        await keyboard.PressAsync("j");
        await keyboard.PressAsync("j");
        await Assertions.Expect(selected).ToContainTextAsync("SELECT 1");
        await keyboard.PressAsync("k");
        await Assertions.Expect(selected).ToContainTextAsync("SELECT 2");
        await keyboard.PressAsync("l");
        await keyboard.PressAsync("End");
        await Assertions.Expect(selected).ToContainTextAsync("SELECT 0");
        Assert.That(await page.Page.GetByRole(AriaRole.Grid).GetAttributeAsync("aria-activedescendant"), Is.EqualTo(await selected.GetAttributeAsync("id")));
        await keyboard.PressAsync("Enter");
        var drawer = page.Page.Locator("entry-drawer");
        await Assertions.Expect(drawer).ToContainTextAsync("SELECT 0");
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(drawer).ToBeHiddenAsync();

        var pause = page.Page.Locator("#pause-button");
        await Assertions.Expect(pause).ToHaveTextAsync("Resume");
        await keyboard.PressAsync("Space");
        await Assertions.Expect(pause).ToHaveTextAsync("Pause");
        await keyboard.PressAsync("Space");
        await client.WriteAsync("SELECT 3");
        await Assertions.Expect(page.Page.Locator(".list-badge")).ToHaveTextAsync("1 new · back to now");
        await keyboard.PressAsync("?");
        var help = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" });
        await Assertions.Expect(help).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(help).ToBeHiddenAsync();
        await keyboard.PressAsync("/");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter" })).ToBeFocusedAsync();
    }

    [Test]
    public async Task Page_HasLandmarksAndEveryControlShowsItsFocus()
    {
        var page = await OpenAsync($"?q=user:{Unique("landmarks")}");
        await page.IsLiveAsync();

        foreach (var role in new[] { AriaRole.Banner, AriaRole.Search, AriaRole.Navigation, AriaRole.Main, AriaRole.Contentinfo })
            await Assertions.Expect(page.Page.GetByRole(role)).ToHaveCountAsync(1);
        var controls = await page.Page.Locator("button:visible, input:visible, [tabindex='0']:visible").CountAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < controls + 5; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var (name, ring) = await FocusAsync(page);
            if (name.Length == 0) break;
            seen.Add(name);
            Assert.That(ring, Is.True, $"{name} shows that it has the focus");
        }

        Assert.That(seen, Has.Count.GreaterThanOrEqualTo(12));
    }

    [Test]
    public async Task LiveRegions_ManyEntriesWhilePaused_AreNotFlooded()
    {
        var user = Unique("aloud");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'first'");
        var page = await OpenAsync($"?q=user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 'first'")).ToBeVisibleAsync();
        await page.Page.EvaluateAsync(
            """
            () => {
              window.said = [];
              for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]')) {
                new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
              }
            }
            """);

        var started = Stopwatch.StartNew();
        await page.Page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 40; i++) await client.WriteAsync($"SELECT {i}");
        await Assertions.Expect(page.Page.Locator(".list-badge")).ToHaveTextAsync("40 new · back to now");

        // The last word is said too, a while later.
        await Assertions.Expect(page.Page.Locator("#said")).ToHaveTextAsync("40 new entries are held back.");
        var said = await page.Page.EvaluateAsync<string[]>("() => said");
        Assert.That(said, Has.Length.InRange(1, 2 + (int)(started.Elapsed / PauseBetweenWords)), string.Join(" | ", said));
    }

    private static async Task<(string Name, bool HasRing)> FocusAsync(ConsolePage page)
    {
        var found = await page.Page.EvaluateAsync<string[]>(
            """
            () => {
              const active = document.activeElement;
              if (!active || active === document.body) return ['', ''];
              const holder = active.closest('.filter-field') ?? active;
              const isList = active.matches('[role=grid]');
              const ring = isList ? getComputedStyle(active.parentElement, '::after').borderTopStyle : getComputedStyle(holder).outlineStyle;
              return [active.getAttribute('aria-label') || active.id || active.textContent, ring];
            }
            """);
        return (found[0], !string.Equals(found[1], "none", StringComparison.Ordinal));
    }
}
