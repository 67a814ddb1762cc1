using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>What the console remembers of the log, and the banner when the service shows another one.</summary>
public sealed class HistoryTests : ConsoleTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Watch_LogIsReplacedByAnotherOneOfTheSameKey_RaisesABannerThatStays()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LOG_SIGNING_KEY"] = Some.SigningKey,
            ["PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        };
        string seen;
        await using (var first = await ServerProcess.StartAsync(settings))
        {
            await WriteAsync(first, 5);
            var before = await OpenAsync(server: first);
            await SeenAsync(before, 5);
            seen = await before.KeepAsync();
            await before.CloseAsync();
        }

        // The same key, the same address, and nothing of what was there.
        await using var second = await ServerProcess.StartAsync(settings);
        await WriteAsync(second, 3);
        var page = await Visit("Entries are gone.", "The log had 5 entries when this browser looked before, and has 3 now.");
        await page.Page.ReloadAsync();
        await Assertions.Expect(Banner(page)).ToContainTextAsync("Entries are gone.");
        await page.CloseAsync();

        await WriteAsync(second, 2);
        await (await Visit("Another tree of the same size.", "two different logs of 5 entries")).CloseAsync();

        await WriteAsync(second, 4);
        var last = await Visit("History was rewritten.", "The service shows 9 entries, and the first 5 of them are not the ones that this browser has seen.");
        await AcknowledgeAsync(last, "Go on with the log that this browser has seen");
        await Assertions.Expect(Banner(last)).ToContainTextAsync("History was rewritten.");
        await AcknowledgeAsync(last, "Trust the log that the service shows now");
        await Assertions.Expect(Banner(last)).ToBeHiddenAsync();
        await last.Page.ReloadAsync();
        await Assertions.Expect(last.Page.GetByRole(AriaRole.Button, new() { Name = "Checked here" })).ToBeVisibleAsync();
        await Assertions.Expect(Banner(last)).ToBeHiddenAsync();

        async Task<ConsolePage> Visit(string title, string words)
        {
            var visit = await OpenAsync(server: second, storage: seen);
            await Assertions.Expect(Banner(visit)).ToContainTextAsync(title, new() { Timeout = 40_000 });
            await Assertions.Expect(Banner(visit)).ToContainTextAsync(words);
            return visit;
        }
    }

    [Test]
    public async Task Watch_ServiceNamesAnotherKey_RaisesTheBannerAndKeepsTheFirst()
    {
        var forger = new Forger();
        var page = await OpenAsync(prepare: forger.AttachAsync);
        await TrustedAsync(page);
        forger.Transparency = service => service["vkey"] = Some.VerifierKey;

        await LookAsync(page);

        await Assertions.Expect(Banner(page)).ToContainTextAsync("Another key.");
        await Banner(page).GetByRole(AriaRole.Button, new() { Name = "Look into it" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Alarms" });
        await dialog.GetByText("What was compared").ClickAsync();
        await Assertions.Expect(dialog.GetByText(Some.VerifierKey)).ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
    }

    [Test]
    public async Task Watch_CheckpointHasAnotherSignature_RaisesTheBannerOnceAndSavesTheEvidence()
    {
        var forger = new Forger();
        using var client = await LoginAsync(Unique("history"));
        await client.WriteAsync("SELECT 1");
        var page = await OpenAsync(prepare: forger.AttachAsync);
        await TrustedAsync(page);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Checked here" })).ToBeVisibleAsync();
        forger.Checkpoint = note => Forger.WithLine(note, 4, line => $"{line[..^4]}AAA=");

        await LookAsync(page);
        await Assertions.Expect(Banner(page)).ToContainTextAsync("A checkpoint without the log’s signature.");
        await LookAsync(page);

        await Assertions.Expect(Banner(page).GetByText("without the log’s signature")).ToHaveCountAsync(1);
        await Banner(page).GetByRole(AriaRole.Button, new() { Name = "Look into it" }).ClickAsync();
        var download = await page.Page.RunAndWaitForDownloadAsync(
            () => page.Page.GetByRole(AriaRole.Button, new() { Name = "Save the evidence" }).ClickAsync());
        var evidence = JsonDocument.Parse(await File.ReadAllBytesAsync(await download.PathAsync())).RootElement;
        Assert.That(evidence.GetProperty("alarms")[0].GetProperty("facts")[1][1].GetString(), Does.Contain("AAA=\n"));

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("the banner stays until somebody does")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Banner(page)).ToBeVisibleAsync();
    }

    [Test]
    public async Task Watch_GrowthIsProvenWithAForgedHash_RaisesTheBanner()
    {
        var forger = new Forger { Consistency = proof => Flip(proof["hashes"]!.AsArray()) };
        using var client = await LoginAsync(Unique("history"));
        for (var i = 0; i < 3; i++) await client.WriteAsync($"SELECT {i}");
        var page = await OpenAsync(prepare: forger.AttachAsync);
        await TrustedAsync(page);
        await Eventually.BecomesTrueAsync(async () =>
        {
            await LookAsync(page);
            return await page.Page.EvaluateAsync<bool>("JSON.parse(localStorage.getItem('logapi.log'))?.checkpoint != null");
        }, Patience);
        await client.WriteAsync("SELECT 'one more'");

        await Assertions.Expect(Banner(page)).ToContainTextAsync("History was rewritten.");

        static void Flip(JsonArray hashes) => hashes[0] = Forger.Flip(hashes[0]!.GetValue<string>());
    }

    [Test]
    public async Task Watch_TwoTabsAreOpen_BothShowTheBannerAndAskSeldom()
    {
        var forger = new Forger();
        var page = await OpenAsync(prepare: forger.AttachAsync);
        await TrustedAsync(page);
        var asked = 0;
        var other = await page.OpenTabAsync();
        other.Request += (_, request) => asked += request.Url.EndsWith("/transparency", StringComparison.Ordinal) ? 1 : 0;
        await Assertions.Expect(other.GetByRole(AriaRole.Heading, new() { Name = "LogApi" })).ToBeVisibleAsync();
        forger.Transparency = service => service["vkey"] = Some.VerifierKey;

        await LookAsync(page);

        await Assertions.Expect(Banner(page)).ToContainTextAsync("Another key.");
        await Assertions.Expect(other.Locator("log-alarm")).ToContainTextAsync("Another key.");
        Assert.That(asked, Is.LessThan(10));
    }

    [Test]
    public async Task Watch_ServiceSaysThatItSignsNoMore_ShowsItForAsLongAsItIsSo()
    {
        const string Reason = "The log ends at 3, and 5 entries were signed.";
        var forger = new Forger { Transparency = service => service["integrity"] = new JsonObject { ["state"] = "refused", ["reason"] = Reason } };
        var page = await OpenAsync(prepare: forger.AttachAsync);
        await Assertions.Expect(Banner(page)).ToContainTextAsync($"The service signs no more. {Reason}");
        forger.Transparency = null;

        await LookAsync(page);

        await Assertions.Expect(Banner(page)).ToBeHiddenAsync();
    }

    [Test]
    public async Task Watch_ServiceDoesNotAnswer_SaysThatNothingWasCheckedAndRaisesNoBanner()
    {
        var page = await OpenAsync();
        await TrustedAsync(page);
        await page.Page.RouteAsync("**/api/v1/transparency", route => route.FulfillAsync(new() { Status = 200, Body = "<p>Sign in to the hotel’s network</p>" }));

        await LookAsync(page);

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Not checked now" })).ToBeVisibleAsync();
        await Assertions.Expect(Banner(page)).ToBeHiddenAsync();
    }

    [Test]
    public async Task Key_ComparedWithOneFromElsewhere_IsNotedOrReplacedKnowingly()
    {
        var server = await ConsoleServer.UseAsync();
        var vkey = JsonDocument.Parse(await server.Client.GetStringAsync("/api/v1/transparency")).RootElement.GetProperty("vkey").GetString()!;
        var page = await OpenAsync();
        await TrustedAsync(page);
        await page.Page.Locator("log-trust").GetByRole(AriaRole.Button).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "What this browser checks" });
        await Assertions.Expect(dialog.GetByText(vkey)).ToBeVisibleAsync();
        var field = dialog.GetByLabel("Key that you have from the operator, by another way");

        await field.FillAsync("not a key");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("no verifier key");
        await field.FillAsync(vkey);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("It is the same key.")).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByText("not yet")).ToHaveCountAsync(0);
        await page.AssertAccessibleAsync(dialog);

        await field.FillAsync(Some.VerifierKey);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("It is another key")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Trust this key instead" }).ClickAsync();

        // The service shows another log than the one that is meant, and now that is an alarm.
        await Assertions.Expect(page.Page.GetByText("Another key.")).ToBeVisibleAsync();
    }

    private static ILocator Banner(ConsolePage page) => page.Page.Locator("log-alarm");

    /// <summary>Has the page look at the log now, as it does when somebody comes back to it.</summary>
    private static async Task LookAsync(ConsolePage page) => await page.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

    private static async Task TrustedAsync(ConsolePage page) => await page.Page.WaitForFunctionAsync("() => JSON.parse(localStorage.getItem('logapi.log'))?.vkey");

    private static async Task SeenAsync(ConsolePage page, int size) =>
        await page.Page.WaitForFunctionAsync("size => JSON.parse(localStorage.getItem('logapi.log'))?.checkpoint?.split('\\n')[1] === String(size)", size);

    private static async Task WriteAsync(ServerProcess server, int count)
    {
        using var client = await server.LoginAsync("ada");
        var last = 0L;
        for (var i = 0; i < count; i++) last = (await client.WriteAsync($"SELECT {Unique("row")}")).Seq();
        await Eventually.BecomesTrueAsync(async () =>
        {
            var log = JsonDocument.Parse(await client.GetStringAsync("/api/v1/transparency")).RootElement;
            return log.GetProperty("tree_size").GetInt64() == last + 1;
        }, Patience);
    }

    private static async Task AcknowledgeAsync(ConsolePage page, string choice)
    {
        await Banner(page).GetByRole(AriaRole.Button, new() { Name = "Look into it" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Alarms" });
        await dialog.GetByLabel(choice).CheckAsync();
        await dialog.GetByLabel("I know why this alarm was raised").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
    }
}
