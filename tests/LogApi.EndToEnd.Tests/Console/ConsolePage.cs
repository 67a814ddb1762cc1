using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>
/// The console in a browser profile of its own, and what went wrong in it: script errors, what the content security policy
/// refused, files that are missing.
/// </summary>
internal sealed class ConsolePage
{
    // What an operator's screen has room for.
    private const int Width = 1280;
    private const int Height = 800;

    private readonly Lock _lock = new();
    private readonly List<string> _faults = [];
    private readonly List<string> _expected = [];
    private readonly Uri _address;

    private ConsolePage(Uri address, IBrowserContext context, IPage page)
    {
        (_address, Context, Page) = (address, context, page);
        Watch(page);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What went wrong in the page, but for what the test has said it would provoke.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_lock) return [.. _faults.Where(fault => !_expected.Exists(part => fault.Contains(part, StringComparison.Ordinal)))];
        }
    }

    /// <summary>Opens the console.</summary>
    /// <param name="server">Whose.</param>
    /// <param name="browser">In which browser.</param>
    /// <param name="query">What comes behind its address: a query string with its question mark, or one of its files.</param>
    /// <param name="colours">Light or dark.</param>
    /// <param name="width">How wide the page is, in CSS pixels.</param>
    /// <param name="storage">What an earlier profile has kept (see <see cref="KeepAsync"/>).</param>
    /// <param name="host">The name that the browser asks for the server by, when it is not the server's own.</param>
    /// <param name="prepare">What is done with the empty page, such as to put itself between page and server.</param>
    public static async Task<ConsolePage> OpenAsync(
        ServerProcess server,
        IBrowser browser,
        string query = "",
        ColorScheme colours = ColorScheme.Light,
        int width = Width,
        string? storage = null,
        string? host = null,
        Func<IPage, Task>? prepare = null)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            ViewportSize = new ViewportSize { Width = width, Height = Height },
            AcceptDownloads = true,
            StorageState = storage,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var address = new UriBuilder(server.Address) { Path = "/console/" };
        if (host is not null) address.Host = host;
        var page = new ConsolePage(address.Uri, context, await context.NewPageAsync());
        if (prepare is not null) await prepare(page.Page);
        await page.GoAsync(query);
        return page;
    }

    /// <summary>Goes to the console at an address, as a new visit.</summary>
    public Task GoAsync(string query = "") => Page.GotoAsync(_address + query);

    /// <summary>Opens the console in another tab of the same profile.</summary>
    public async Task<IPage> OpenTabAsync()
    {
        var tab = await Context.NewPageAsync();
        Watch(tab);
        await tab.GotoAsync(_address.ToString());
        return tab;
    }

    /// <summary>Says that the test brings about an error whose message has this part.</summary>
    public void Expect(string part)
    {
        lock (_lock) _expected.Add(part);
    }

    /// <summary>Waits until the status line says that the stream is live.</summary>
    public Task IsLiveAsync() => Assertions.Expect(Page.Locator("stream-status .state")).ToContainTextAsync("Live");

    /// <summary>Signs in by the dialog.</summary>
    public async Task SignInAsync(string userId)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Sign in" });
        await dialog.GetByLabel("User id").FillAsync(userId);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = $"Sign out {userId}" })).ToBeVisibleAsync();
    }

    /// <summary>Asserts that axe finds nothing to complain of (WCAG 2.2 A and AA, and its best practices) in what is shown now.</summary>
    /// <param name="part">What to look at; the whole page unless told, which takes longer.</param>
    public async Task AssertAccessibleAsync(ILocator? part = null)
    {
        // Without those that hold, each with its elements, which is most of the work.
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations] };
        var result = part is null ? await Page.RunAxe(options) : await part.RunAxe(options);
        Assert.That(result.Violations.Select(Describe), Is.Empty);
    }

    /// <summary>Runs a function of a module of the console, as in <c>merkle.hashLeaf(argument)</c>, within the page.</summary>
    /// <param name="module">The module's file, without its ending.</param>
    /// <param name="body">The body of an async function of <c>module</c> and <c>argument</c>.</param>
    /// <param name="argument">Goes to the page as JSON.</param>
    public Task<T> RunAsync<T>(string module, string body, object? argument = null) => Page.EvaluateAsync<T>(
        $$"""
        async ({ name, json }) => {
          const module = await import(`/console/js/${name}.js`);
          const argument = JSON.parse(json);
          {{body}}
        }
        """,
        new { name = module, json = JsonSerializer.Serialize(argument) });

    /// <summary>Gives what this profile has kept, for another one to go on from.</summary>
    public Task<string> KeepAsync() => Context.StorageStateAsync();

    public ValueTask CloseAsync() => Context.DisposeAsync();

    private void Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsOfBrowser(message)) Note($"console: {message.Text} ({message.Location})");
        };
        page.PageError += (_, fault) => Note($"script: {fault}");
        page.Crash += (_, _) => Note("the page crashed");
    }

    private static string Describe(AxeResultItem item) =>
        $"{item.Id} ({item.Impact}): {item.Help}\n  {string.Join("\n  ", item.Nodes.Select(node => node.Html))}";

    // The browser itself writes to its console what the page knows and shows in words: answers of 4xx and 5xx, connections that fail. For a
    // file without a page it asks for an icon that nobody has named.
    private static bool IsOfBrowser(IConsoleMessage message) =>
        message.Text.StartsWith("WebSocket connection to", StringComparison.Ordinal)
        || (message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            && Array.Exists(["/api/", "/checkpoint", "/favicon.ico"], part => message.Location.Contains(part, StringComparison.Ordinal)));

    private void Note(string fault)
    {
        lock (_lock) _faults.Add(fault);
    }
}
