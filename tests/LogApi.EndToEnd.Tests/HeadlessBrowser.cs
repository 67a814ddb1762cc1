using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests;

/// <summary>The machine's own Chromium, without a window.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    /// <summary>A name of this machine that the browser does not know to be one: what comes from it over HTTP counts as unsafe.</summary>
    public const string NameWithoutHttps = "elsewhere.test";

    // The shell is the same browser without the parts that draw its own windows, which cost more than most pages do.
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    // Without the background services, the browser asks for nothing but the page.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", $"--host-resolver-rules=MAP {NameWithoutHttps} 127.0.0.1",
    ];

    private readonly IPlaywright _playwright;

    private HeadlessBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    /// <summary>Starts it; where it is not installed, the test is skipped.</summary>
    public static async Task<HeadlessBrowser> StartAsync()
    {
        var program = Array.Find(Programs, File.Exists);
        if (program is null) Assert.Ignore("no Chromium is installed (Debian: chromium-headless-shell, or chromium)");
        var playwright = await Playwright.CreateAsync();
        return new HeadlessBrowser(
            playwright,
            await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
