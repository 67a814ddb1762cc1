using System.Text.Encodings.Web;
using System.Text.Json;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests;

/// <summary>A page in a headless browser that keeps what it writes to its console.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Without the background services, the browser asks for nothing but the page.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly List<string> _console = [];
    private readonly List<string> _requests = [];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private BrowserPage(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Console += (_, message) => _ = KeepAsync(message);
        page.Request += (_, request) =>
        {
            lock (_lock) _requests.Add(request.Url);
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Console
    {
        get
        {
            lock (_lock) return [.. _console];
        }
    }

    /// <summary>Every address that the page asked for.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    public static async Task<BrowserPage> OpenAsync(string program, Uri address)
    {
        if (!File.Exists(program)) Assert.Ignore($"{program} is not installed (Debian: chromium)");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
        var page = new BrowserPage(playwright, browser, await browser.NewPageAsync());
        await page.Page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Runs a script as if it stood in the page.</summary>
    public Task RunAsync(string script) => Page.AddScriptTagAsync(new PageAddScriptTagOptions { Content = script });

    /// <summary>Waits for a line on the console that has all of the parts.</summary>
    public async Task SaysAsync(params string[] parts)
    {
        try
        {
            await Eventually.BecomesTrueAsync(
                () => Console.Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal))), Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The console never said {string.Join(" … ", parts)}; it said:\n{string.Join('\n', Console)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private async Task KeepAsync(IConsoleMessage message)
    {
        var parts = new List<string>();
        foreach (var argument in message.Args)
        {
            var value = await argument.JsonValueAsync<object>();
            parts.Add(value as string ?? JsonSerializer.Serialize(value, Readable));
        }

        lock (_lock) _console.Add(parts.Count > 0 ? string.Join(' ', parts) : message.Text);
    }
}
