using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests;

/// <summary>The machine's own Chromium, without a window.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    // Without the background services, the browser asks for nothing but the page.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;

    private HeadlessBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    /// <summary>Starts it; where it is not installed, the test is skipped.</summary>
    public static async Task<HeadlessBrowser> StartAsync()
    {
        if (!File.Exists(Program)) Assert.Ignore($"{Program} is not installed (Debian: chromium)");
        var playwright = await Playwright.CreateAsync();
        return new HeadlessBrowser(
            playwright,
            await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Arguments }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
