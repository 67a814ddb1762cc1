using System.Text.Encodings.Web;
using System.Text.Json;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests;

/// <summary>A page in a headless browser that keeps what it writes to its console.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly List<string> _console = [];
    private readonly List<string> _requests = [];
    private readonly HeadlessBrowser _browser;

    private BrowserPage(HeadlessBrowser browser, IPage page)
    {
        (_browser, Page) = (browser, page);
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

    public static async Task<BrowserPage> OpenAsync(Uri address)
    {
        var browser = await HeadlessBrowser.StartAsync();
        var page = new BrowserPage(browser, await browser.Browser.NewPageAsync());
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

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

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
