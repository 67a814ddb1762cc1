using System.Globalization;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>
/// A test of the console from the outside. Its pages are closed after it, and it fails when anything went wrong in one of them.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public abstract class ConsoleTest
{
    private static long _last;
    private readonly List<ConsolePage> _pages = [];

    [TearDown]
    public async Task ClosePagesAsync()
    {
        var faults = _pages.SelectMany(page => page.Faults).ToList();
        foreach (var page in _pages) await page.CloseAsync();
        Assert.That(faults, Is.Empty, "what went wrong in the page");
    }

    /// <summary>Gives a text that no other test has.</summary>
    private protected static string Unique(string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{word}-{Interlocked.Increment(ref _last)}");

    /// <summary>Gives a client with a session on the shared server.</summary>
    private protected static async Task<HttpClient> LoginAsync(string userId) => await (await ConsoleServer.UseAsync()).LoginAsync(userId);

    /// <inheritdoc cref="ConsolePage.OpenAsync"/>
    /// <remarks>On the shared server unless told.</remarks>
    private protected async Task<ConsolePage> OpenAsync(
        string query = "",
        ServerProcess? server = null,
        ColorScheme colours = ColorScheme.Light,
        int width = 1280,
        string? storage = null,
        string? host = null,
        Func<IPage, Task>? prepare = null)
    {
        var browser = await ConsoleServer.UseBrowserAsync();
        var page = await ConsolePage.OpenAsync(server ?? await ConsoleServer.UseAsync(), browser, query, colours, width, storage, host, prepare);
        _pages.Add(page);
        return page;
    }

    /// <summary>Opens a page on which the console's modules can be imported, and nothing else goes on.</summary>
    private protected Task<ConsolePage> OpenModulesAsync() => OpenAsync("js/bytes.js");
}
