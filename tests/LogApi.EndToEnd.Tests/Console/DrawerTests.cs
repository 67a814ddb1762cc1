using System.Text.Json;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>An entry in full: its fields, what can be taken from it, and how it is reached.</summary>
public sealed class DrawerTests : ConsoleTest
{
    [Test]
    public async Task Drawer_EntryWithEverything_ShowsItAllAndLeadsOn()
    {
        var entry = await WriteAsync();
        var page = await OpenAsync($"?entry={entry.Id()}");
        var drawer = Drawer(page);

        foreach (var member in (string[])["id", "hash", "query", "timestamp", "occurred_at"])
            await Assertions.Expect(drawer).ToContainTextAsync(entry.GetProperty(member).GetString()!);
        await Assertions.Expect(drawer.GetByRole(AriaRole.Heading, new() { Name = "DENIED" })).ToBeFocusedAsync();
        await drawer.GetByText("Raw JSON").ClickAsync();
        var raw = JsonDocument.Parse(await drawer.Locator("pre").InnerTextAsync()).RootElement;
        Assert.That(JsonElement.DeepEquals(raw, entry), raw.GetRawText());

        await drawer.GetByRole(AriaRole.Button, new() { Name = "acme <b>" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByLabel("Filter", new() { Exact = false }).First).ToHaveValueAsync("attr.tenant:\"acme <b>\"");
    }

    [Test]
    public async Task Drawer_JsonAndLinkAreCopied_AreTheEntryAndWhereItIs()
    {
        var entry = await WriteAsync();
        var page = await OpenAsync($"?q=status:DENIED&entry={entry.Id()}");

        await Drawer(page).GetByRole(AriaRole.Button, new() { Name = "Copy JSON" }).ClickAsync();
        await Assertions.Expect(Drawer(page).GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(await ClipboardAsync(page)).RootElement, entry));
        await Drawer(page).GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Eventually.BecomesTrueAsync(async () => (await ClipboardAsync(page)).StartsWith("http", StringComparison.Ordinal));
        var link = await ClipboardAsync(page);

        Assert.That(link, Does.EndWith($"/console/?entry={entry.Id()}"));
        await page.Page.GotoAsync(link);
        await Assertions.Expect(Drawer(page)).ToContainTextAsync(entry.GetProperty("query").GetString()!);
    }

    [Test]
    public async Task Drawer_IsClosedByKeyboard_GivesTheFocusBackAndCoversThePageWhenNarrow()
    {
        var entry = await WriteAsync();
        var page = await OpenAsync($"?q=user:{entry.GetProperty("user_id").GetString()}", width: 360);
        await page.Page.GetByText(entry.GetProperty("query").GetString()!).ClickAsync();
        await Assertions.Expect(Drawer(page)).ToBeVisibleAsync();

        // What lies under it is out of the keyboard's reach.
        for (var i = 0; i < 15; i++) await page.Page.Keyboard.PressAsync("Tab");
        Assert.That(await page.Page.EvaluateAsync<bool>("document.activeElement === document.body || document.activeElement.closest('entry-drawer') !== null"));
        await Drawer(page).GetByRole(AriaRole.Button, new() { Name = "Close the entry" }).FocusAsync();
        await page.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(Drawer(page)).ToBeHiddenAsync();
        Assert.That(await page.Page.EvaluateAsync<bool>("document.activeElement.closest('log-list') !== null"));
        Assert.That(page.Page.Url, Does.Not.Contain("entry="));
    }

    [Test]
    public async Task Proof_Saved_HoldsForTheCommandThatKnowsNothingElse()
    {
        var server = await ConsoleServer.UseAsync();
        var entry = await WriteAsync();
        await server.Client.IsIncludedAsync(entry);
        var page = await OpenAsync($"?entry={entry.Id()}");

        var download = await page.Page.RunAndWaitForDownloadAsync(() => Drawer(page).GetByRole(AriaRole.Link, new() { Name = "Save proof" }).ClickAsync());

        Assert.That(download.SuggestedFilename, Is.EqualTo($"{entry.Id()}.tlog-proof"));
        var vkey = JsonDocument.Parse(await server.Client.GetStringAsync("/api/v1/transparency")).RootElement.GetProperty("vkey").GetString()!;
        await using var verify = ServerProcess.Launch(new Dictionary<string, string>(StringComparer.Ordinal), "verify", await download.PathAsync(), "--vkey", vkey);
        Assert.That(await verify.WaitForEndAsync(), Is.Zero, verify.Output);
        Assert.That(verify.Output, Does.Contain($"The entry {entry.Id()} was logged exactly as it is here"));
    }

    [Test]
    public async Task Permalink_OfNoEntry_SaysSoInWords()
    {
        var page = await OpenAsync("?entry=01890a5d-ac96-774b-bcce-b302099a8057");

        await Assertions.Expect(page.Page.Locator("#toast")).Not.ToBeEmptyAsync();
        await Assertions.Expect(Drawer(page)).ToBeHiddenAsync();
    }

    private static ILocator Drawer(ConsolePage page) => page.Page.Locator("entry-drawer");

    private static Task<string> ClipboardAsync(ConsolePage page) => page.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");

    private static async Task<JsonElement> WriteAsync()
    {
        using var client = await LoginAsync(Unique("drawer"));
        var entry = await client.WriteAsync(new
        {
            query = $"GRANT ALL ON <script>alert('{Unique("x")}')</script>",
            status = "DENIED",
            occurred_at = "2026-03-01T11:59:59.500000Z",
            attributes = new Dictionary<string, string> { ["tenant"] = "acme <b>", ["ticket"] = "OPS-4711" },
        });

        // As it is read: a write's answer may say more.
        return JsonDocument.Parse(await client.GetStringAsync($"/api/v1/logs/{entry.Id()}")).RootElement;
    }
}
