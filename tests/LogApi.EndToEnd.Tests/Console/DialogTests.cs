using System.Text.Json;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>Signing in, writing, exporting and auditing by the console's dialogs.</summary>
public sealed class DialogTests : ConsoleTest
{
    [Test]
    public async Task SignIn_ByKeyboardAlone_WritesAnEntryWithAttributes()
    {
        var user = Unique("writer");
        var page = await OpenAsync($"?q=user:{user}");

        await Button(page, "Write").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Dialog(page, "Sign in")).ToBeVisibleAsync();
        await page.Page.Keyboard.TypeAsync(user);
        await page.Page.Keyboard.PressAsync("Enter");

        // Who wanted to write is asked who it is first, and then writes.
        var dialog = Dialog(page, "Write a test entry");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await page.Page.Keyboard.TypeAsync("SELECT 'typed'");
        await dialog.GetByLabel("Status").FillAsync("not a status");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Write" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("status must consist of");
        await Assertions.Expect(dialog.GetByLabel("Status")).ToBeFocusedAsync();
        await page.AssertAccessibleAsync(dialog);

        await dialog.GetByLabel("Status").FillAsync("CONSOLE");
        foreach (var (name, value) in ((string, string)[])[("client", "console"), ("ticket", "OPS-1"), ("", "")])
        {
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Add an attribute" }).ClickAsync();
            await page.Page.Keyboard.TypeAsync(name);
            await page.Page.Keyboard.PressAsync("Tab");
            await page.Page.Keyboard.TypeAsync(value);
        }

        await page.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(page.Page.GetByText("Written as number")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "SELECT 'typed'" })).ToBeVisibleAsync();
        using var client = await LoginAsync(user);
        var entry = (await client.SearchAsync($"user_id={user}")).Single();
        Assert.That(entry.GetProperty("attributes").GetRawText(), Is.EqualTo("""{"client":"console","ticket":"OPS-1"}"""));
        Assert.That(entry.GetProperty("status").GetString(), Is.EqualTo("CONSOLE"));

        await Button(page, $"Sign out {user}").ClickAsync();
        await Assertions.Expect(Button(page, "Sign in")).ToBeVisibleAsync();
        Assert.That(await page.Page.EvaluateAsync<string?>("sessionStorage.getItem('logapi.session')"), Is.Null);
    }

    [Test]
    public async Task SignIn_NameThatIsNone_SaysWhatIsWrong()
    {
        var page = await OpenAsync();
        await Button(page, "Sign in").ClickAsync();
        var dialog = Dialog(page, "Sign in");

        await dialog.GetByLabel("User id").FillAsync("a|b");
        await page.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("user_id");
        await dialog.ClickAsync(new() { Position = new() { X = 4, Y = 4 } });
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await page.Page.Mouse.ClickAsync(5, 400);
        await Assertions.Expect(dialog).ToBeHiddenAsync();
    }

    [Test]
    public async Task Session_EndsElsewhereWhileSomethingIsTyped_KeepsItAndAsksToSignInAgain()
    {
        var user = Unique("session");
        var page = await OpenAsync();
        await page.SignInAsync(user);
        await Button(page, "Write").ClickAsync();
        var dialog = Dialog(page, "Write a test entry");
        await dialog.GetByLabel("Query").FillAsync("SELECT 'not lost'");
        var token = await page.Page.EvaluateAsync<string>("JSON.parse(sessionStorage.getItem('logapi.session')).token");
        using (var logout = new HttpRequestMessage(HttpMethod.Post, "/api/v1/logout"))
        {
            logout.Headers.Authorization = new("Bearer", token);
            using var ended = await (await ConsoleServer.UseAsync()).Client.SendAsync(logout);
            ended.EnsureSuccessStatusCode();
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Write" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign in; what you typed stays here." }).ClickAsync();
        await Dialog(page, "Sign in").GetByLabel("User id").FillAsync(user);
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Dialog(page, "Sign in")).ToBeHiddenAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Write" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByText("Written as number")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Session_ExpiresByItself_IsSaidAndSignsOut()
    {
        var page = await OpenAsync(prepare: page => page.RouteAsync("**/api/v1/login", async route =>
        {
            var answer = await route.FetchAsync();
            var body = System.Text.Json.Nodes.JsonNode.Parse(await answer.TextAsync())!;
            body["expires_in"] = 2;
            await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
        }));

        await page.SignInAsync(Unique("expiry"));

        await Assertions.Expect(page.Page.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await Assertions.Expect(Button(page, "Sign in")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Export_OfAView_HasWhatTheViewSelectsAndItsProofsHold()
    {
        var user = Unique("export");
        using var client = await LoginAsync(user);
        await client.FillAsync(Enumerable.Range(0, 5).Select(number => new { query = $"SELECT {number}", status = number == 4 ? "ERROR" : "SUCCESS" }));
        var server = await ConsoleServer.UseAsync();
        var last = (await client.SearchAsync($"user_id={user}&status=ERROR")).Single();
        await client.IsIncludedAsync(last);
        var page = await OpenAsync($"?q=user:{user} status:SUCCESS");
        await Button(page, "Export").ClickAsync();
        var dialog = Dialog(page, "Export");

        await dialog.GetByLabel("With proofs").CheckAsync();
        await page.AssertAccessibleAsync(dialog);
        var proven = await DownloadAsync(page, dialog);
        await dialog.GetByLabel("Format").SelectOptionAsync("csv");
        await Assertions.Expect(dialog.GetByLabel("With proofs")).ToBeDisabledAsync();
        await dialog.GetByLabel("Order").SelectOptionAsync("desc");
        await dialog.GetByLabel("At the most").FillAsync("0");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("a whole number, 1 or more");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "Download" })).ToBeHiddenAsync();
        await dialog.GetByLabel("At the most").FillAsync("2");
        var table = await File.ReadAllLinesAsync((await DownloadAsync(page, dialog)).Path);

        Assert.That(proven.Name, Does.EndWith(".ndjson"));
        Assert.That(await File.ReadAllLinesAsync(proven.Path), Has.Length.EqualTo(5), "four entries and the end");
        Assert.That(table, Has.Length.EqualTo(3), "a header and two entries");
        Assert.That(table[1], Does.Contain("SELECT 3"));
        var vkey = JsonDocument.Parse(await server.Client.GetStringAsync("/api/v1/transparency")).RootElement.GetProperty("vkey").GetString()!;
        await using var verify = ServerProcess.Launch(new Dictionary<string, string>(StringComparer.Ordinal), "verify", proven.Path, "--vkey", vkey);
        Assert.That(await verify.WaitForEndAsync(), Is.Zero, verify.Output);
    }

    [Test]
    public async Task Export_OfAViewThatTheServiceRefuses_SaysWhyInPlaceOfAFile()
    {
        var page = await OpenAsync("?q=status:no,");
        await Button(page, "Export").ClickAsync();

        await Assertions.Expect(Dialog(page, "Export").GetByRole(AriaRole.Alert)).ToContainTextAsync("status");
        await Assertions.Expect(Dialog(page, "Export").GetByRole(AriaRole.Link, new() { Name = "Download" })).ToBeHiddenAsync();
    }

    [Test]
    public async Task Audit_IsStarted_ShowsHowItEnds()
    {
        using (var client = await LoginAsync(Unique("audit")))
        {
            var entry = await client.WriteAsync("SELECT 1");
            await client.IsIncludedAsync(entry);
        }

        var page = await OpenAsync();
        await page.SignInAsync(Unique("auditor"));
        await Button(page, "Audit").ClickAsync();
        var dialog = Dialog(page, "Audit");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start an audit" }).ClickAsync();

        await Assertions.Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Nothing was changed" })).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(page.Page.Locator("stream-status")).ToContainTextAsync("intact");
    }

    [Test]
    public async Task Audit_FindsWhatWasChanged_ShowsProgressAndFindings()
    {
        var percent = 0;
        var page = await OpenAsync(prepare: page => page.RouteAsync("**/api/v1/audits**", route =>
        {
            if (route.Request.Method == "POST") return route.FulfillAsync(new() { Status = 202, Body = Audit(percent) });
            if (!route.Request.Url.Contains("01890a5d", StringComparison.Ordinal)) return route.FulfillAsync(new() { Body = """{"audits":[]}""" });
            percent = Math.Min(percent + 50, 100);
            return route.FulfillAsync(new() { Body = Audit(percent) });
        }));
        await page.SignInAsync(Unique("auditor"));
        await Button(page, "Audit").ClickAsync();
        var dialog = Dialog(page, "Audit");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start an audit" }).ClickAsync();

        await Assertions.Expect(dialog.GetByRole(AriaRole.Progressbar)).ToHaveJSPropertyAsync("value", 50);
        await Assertions.Expect(dialog).ToContainTextAsync("500 of 1,000 entries read");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Something was changed" })).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.List, new() { Name = "Findings" })).ToContainTextAsync("Entries 7 to 9: hash mismatch");
        await Assertions.Expect(dialog).ToContainTextAsync("… and 12 more findings");
        await Assertions.Expect(page.Page.Locator("log-alarm")).ToContainTextAsync("An audit found changes.");
        await page.AssertAccessibleAsync(dialog);

        static string Audit(int percent) => $$"""
            {"id":"01890a5d-ac96-774b-bcce-b302099a8057","state":"{{(percent < 100 ? "running" : "completed")}}","tree_size":1000,"entries_checked":{{percent * 10}},
            "percent":{{percent}},"started_at":"2026-03-01T12:00:00.000000Z","rate":100,"verdict":{{(percent < 100 ? "null" : "\"tampered\"")}},
            "findings":{{(percent < 100 ? "[]" : """[{"from":7,"to":9,"check":"hash","what":"hash mismatch"}]""")}},"more_findings":{{(percent < 100 ? 0 : 12)}}}
            """;
    }

    private static ILocator Button(ConsolePage page, string name) => page.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Dialog(ConsolePage page, string name) => page.Page.GetByRole(AriaRole.Dialog, new() { Name = name });

    private static async Task<(string Name, string Path)> DownloadAsync(ConsolePage page, ILocator dialog)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        return (download.SuggestedFilename, await download.PathAsync());
    }
}
