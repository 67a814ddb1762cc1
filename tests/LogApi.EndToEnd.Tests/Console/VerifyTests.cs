using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>What the entry drawer says of an entry, also when the service lies.</summary>
public sealed class VerifyTests : ConsoleTest
{
    private const string Query = "SELECT * FROM accounts WHERE name = 'Füße 😀 \"quoted\"'";

    [Test]
    public async Task Verify_EntryAsLogged_ProvesItStepByStepWithTheValues()
    {
        var entry = await WriteAsync();
        var page = await OpenAsync($"?entry={entry.Id()}");

        await VerifyAsync(page, "Proven");

        var verdict = Verdict(page);
        await Assertions.Expect(verdict.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "holds:" })).ToHaveCountAsync(6);
        await verdict.GetByText("What was compared").First.ClickAsync();
        await Assertions.Expect(verdict.GetByText("name = 'Füße 😀 \\\"quoted\\\"'")).ToBeVisibleAsync();
        await Assertions.Expect(verdict.GetByText($"\"timestamp\":\"{entry.GetProperty("timestamp").GetString()}\"")).ToBeVisibleAsync();
        await Assertions.Expect(verdict).ToContainTextAsync("The stored entry has the hash that it was written with");
        await Assertions.Expect(verdict).ToContainTextAsync("nobody has compared it with one from elsewhere");
        await page.AssertAccessibleAsync();
    }

    [Test]
    public async Task Verify_AnyHashOfTheProofIsForged_IsNotProven()
    {
        var entry = await WriteAsync();
        var (page, forger) = await OpenForgedAsync(entry);
        var count = 0;
        forger.Verdict = Forger.SayValid;
        forger.Proof = proof => count = proof["hashes"]!.AsArray().Count;
        await VerifyAsync(page, "Proven");
        Assert.That(count, Is.Positive);

        for (var i = 0; i < count; i++)
        {
            var place = i;
            forger.Proof = proof =>
            {
                // The tree may have grown, and the proof with it.
                var hashes = proof["hashes"]!.AsArray();
                hashes[place % hashes.Count] = Forger.Flip(hashes[place % hashes.Count]!.GetValue<string>());
            };
            await VerifyAsync(page, "Not proven");
            await Assertions.Expect(Verdict(page)).ToContainTextAsync("did not get to the root");
            await Assertions.Expect(Verdict(page)).ToContainTextAsync("The service says that the entry is valid; this browser can’t confirm it.");
        }
    }

    [Test]
    public async Task Verify_ProofOfAnotherPlaceSizeOrEntry_IsNotProven()
    {
        var other = await WriteAsync();
        var entry = await WriteAsync();
        var server = await ConsoleServer.UseAsync();
        var (page, forger) = await OpenForgedAsync(entry);
        await VerifyAsync(page, "Proven");
        var foreign = JsonNode.Parse(await ReadProofAsync(server, other.Id()))!.AsObject();
        (string Case, Action<JsonObject> Change, string Words)[] forgeries =
        [
            ("place", proof => proof["log_index"] = proof["log_index"]!.GetValue<long>() - 1, "the proof is for place"),
            ("size", proof => proof["tree_size"] = proof["tree_size"]!.GetValue<long>() + 1, "did not get to the root"),
            ("salt", proof => proof["salt"] = Forger.Flip(proof["salt"]!.GetValue<string>()), "this is not what was logged"),
            ("leaf", proof => proof["leaf"] = proof["leaf"]!.GetValue<string>().Replace("logapi/v1", "logapi/v2", StringComparison.Ordinal), "this is not what was logged"),
            ("no salt", proof => proof["salt"] = null, "without the salt"),
            ("no hashes", proof => proof["hashes"] = new JsonArray(), "did not get to the root"),
            ("not base64", proof => proof["hashes"] = new JsonArray("x"), "not base64"),
            ("another entry's", proof => Replace(proof, foreign), "this is not what was logged"),
        ];

        foreach (var (_, change, words) in forgeries)
        {
            forger.Proof = change;
            await VerifyAsync(page, "Not proven");
            await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status)).ToContainTextAsync(words);
        }
    }

    [Test]
    public async Task Verify_EntryIsShownOtherThanLogged_IsNotProvenWhateverTheServiceSays()
    {
        var entry = await WriteAsync();
        var (page, forger) = await OpenForgedAsync(entry, forger =>
        {
            forger.Verdict = Forger.SayValid;
            forger.Entry = shown => shown["query"] = "SELECT 1";
        });
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Entry" })).ToContainTextAsync("SELECT 1");
        await VerifyAsync(page, "Not proven");
        await Assertions.Expect(Verdict(page)).ToContainTextAsync("this is not what was logged");

        forger.Entry = shown => shown["seq"] = shown["seq"]!.GetValue<long>() - 1;
        await page.GoAsync($"?entry={entry.Id()}");
        await VerifyAsync(page, "Not proven");
        await Assertions.Expect(Verdict(page)).ToContainTextAsync("and the proof is for place");
    }

    [Test]
    public async Task Check_AnyMemberOfTheEntryIsAnother_IsNotRight()
    {
        var entry = await WriteAsync();
        var server = await ConsoleServer.UseAsync();
        var vkey = (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/transparency")).GetProperty("vkey").GetString();
        var page = await OpenModulesAsync();

        var passed = await page.RunAsync<string[]>("entry-check", """
            const { vkey, proof } = argument;
            const entry = JSON.parse(argument.entry);
            const isProven = async (shown) => (await module.checkEntry(shown, JSON.parse(proof), vkey)).every((step) => step.isRight);
            const passed = await isProven(entry) ? [] : ['the entry itself is not proven'];
            const others = { approved_by: 'the board', redacted: true, commitment: JSON.parse(proof).leaf.split('\n')[3] };
            for (const name of Object.keys(entry)) {
              const { [name]: value, ...rest } = entry;
              if (await isProven(rest)) passed.push(`without ${name}`);
              const changed = typeof value === 'number' ? value + 1 : typeof value === 'string' ? `${value} ` : { ...value, client: 'another' };
              if (await isProven({ ...entry, [name]: changed })) passed.push(`with another ${name}`);
              if (await isProven({ ...entry, [name]: String(value) === value ? Number(value) : String(value) })) passed.push(`with ${name} of another form`);
            }
            for (const [name, value] of Object.entries(others)) if (await isProven({ ...entry, [name]: value })) passed.push(`with ${name}`);
            if (await isProven({ ...entry, ...others })) passed.push('with everything');
            return passed;
            """, new { vkey, entry = entry.GetRawText(), proof = await ReadProofAsync(server, entry.Id()) });

        Assert.That(passed, Is.Empty);
    }

    [Test]
    public async Task Verify_CheckpointIsForged_IsNotProvenAndRaisesTheAlarm()
    {
        var entry = await WriteAsync();
        var (page, forger) = await OpenForgedAsync(entry);
        await VerifyAsync(page, "Proven");
        var vkey = await page.Page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('logapi.log')).vkey");
        var name = vkey.Split('+')[0];
        (string Case, Func<string, string> Change)[] forgeries =
        [
            ("root", note => Forger.WithLine(note, 2, line => Forger.Flip(line))),
            ("size", note => Forger.WithLine(note, 1, line => line + "0")),
            ("signature", note => Forger.WithLine(note, 4, line => $"— {name} {Forger.Flip(line.Split(' ')[2], 40)}")),
            ("key id", note => Forger.WithLine(note, 4, line => $"— {name} {Forger.Flip(line.Split(' ')[2])}")),
            ("origin", note => Forger.WithLine(note, 0, line => line + "x")),
        ];

        foreach (var (_, change) in forgeries)
        {
            forger.Proof = proof => proof["checkpoint"] = change(proof["checkpoint"]!.GetValue<string>());
            await VerifyAsync(page, "Not proven");
        }

        // One that somebody else has really signed, under the log's name and even the id of its key.
        foreach (var id in (string?[])[null, vkey.Split('+')[1]])
        {
            var text = string.Join('\n', (await ReadCheckpointAsync()).Split('\n')[..3]) + "\n";
            var forged = await SignAsync(page, name, text, id);
            forger.Proof = proof => proof["checkpoint"] = forged;
            await VerifyAsync(page, "Not proven");
        }

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "without the log’s signature" })).ToBeVisibleAsync();
    }

    [Test]
    public async Task Verify_EntryIsNotSignedYet_SaysSoAndAsksAgain()
    {
        var entry = await WriteAsync();
        var asked = 0;
        var page = await OpenAsync($"?entry={entry.Id()}", prepare: page => page.RouteAsync("**/api/v1/logs/*/proof", route => ++asked > 2
            ? route.ContinueAsync()
            : route.FulfillAsync(new()
            {
                Status = 404,
                ContentType = "application/problem+json",
                Body = """{"title":"There is no proof yet.","detail":"No checkpoint covers the entry yet.","code":"proof_pending"}""",
            })));

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();

        await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status)).ToContainTextAsync("Not signed yet");
        await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status)).ToContainTextAsync("Proven");
        Assert.That(asked, Is.EqualTo(3));
    }

    [Test]
    public async Task Verify_ServiceDoesNotAnswer_DoesNotCallTheEntryUnproven()
    {
        var entry = await WriteAsync();
        var page = await OpenAsync($"?entry={entry.Id()}", prepare: page => page.RouteAsync("**/api/v1/logs/*/proof", route => route.AbortAsync()));

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();

        await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status)).ToContainTextAsync("Not checked now");
        await Assertions.Expect(Verdict(page)).ToContainTextAsync("The service can’t be reached.");
    }

    [Test]
    public async Task Verify_RedactedEntry_ProvesThatOneStoodThereAndSaysWhatIsGone()
    {
        var user = Unique("holder");
        using var client = await LoginAsync(user);
        var entry = await client.WriteAsync("DELETE FROM secrets");
        using var redaction = await client.PostAsync(
            new Uri($"/api/v1/logs/{entry.Id()}/redact", UriKind.Relative), new StringContent("""{"reason":"a test"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        redaction.EnsureSuccessStatusCode();

        var page = await OpenAsync($"?entry={entry.Id()}");
        await VerifyAsync(page, "Proven");

        var drawer = page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Entry" });
        await Assertions.Expect(drawer).ToContainTextAsync("Redacted entry");
        await Assertions.Expect(drawer).ToContainTextAsync("What the entry said is gone and can’t be checked.");
        await Assertions.Expect(drawer).Not.ToContainTextAsync("DELETE FROM secrets");
    }

    [Test]
    public async Task Verify_PageOverPlainHttpFromAnotherMachine_SaysThatNothingWasChecked()
    {
        var entry = await WriteAsync();

        // Browsers take the addresses of this machine for safe, and this name for one of elsewhere.
        var page = await OpenAsync(host: HeadlessBrowser.NameWithoutHttps, query: $"?entry={entry.Id()}");
        page.Expect("Cross-Origin-Opener-Policy");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();

        await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status)).ToContainTextAsync("Not checked by this browser");
        await Assertions.Expect(Verdict(page)).ToContainTextAsync("plain HTTP");
        await Assertions.Expect(Verdict(page)).ToContainTextAsync("The stored entry has the hash that it was written with");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Not checked here" })).ToBeVisibleAsync();
    }

    [Test]
    public async Task Verify_BrowserWithoutEd25519_SaysSo()
    {
        var entry = await WriteAsync();
        var page = await OpenAsync($"?entry={entry.Id()}", prepare: page => page.AddInitScriptAsync(
            """
            const importKey = SubtleCrypto.prototype.importKey;
            SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
              return algorithm.name === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : importKey.call(this, format, data, algorithm, ...rest);
            };
            """));

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();

        await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status)).ToContainTextAsync("does not know Ed25519");
    }

    private static async Task<JsonElement> WriteAsync()
    {
        using var client = await LoginAsync(Unique("holder"));
        return await client.WriteAsync(new
        {
            query = Query,
            status = "SUCCESS",
            occurred_at = "2026-03-01T11:59:59.5Z",
            attributes = new Dictionary<string, string> { ["client"] = "backup-7", ["10"] = "ten", ["9"] = "nine" },
        });
    }

    private static ILocator Verdict(ConsolePage page) => page.Page.GetByRole(AriaRole.Region, new() { Name = "Verification" });

    private static async Task VerifyAsync(ConsolePage page, string title)
    {
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();
        await Assertions.Expect(Verdict(page).GetByRole(AriaRole.Status).Locator("strong")).ToHaveTextAsync($"{(title == "Proven" ? '✓' : '✗')} {title}");
    }

    private async Task<(ConsolePage Page, Forger Forger)> OpenForgedAsync(JsonElement entry, Action<Forger>? prepare = null)
    {
        var forger = new Forger();
        prepare?.Invoke(forger);
        return (await OpenAsync($"?entry={entry.Id()}", prepare: forger.AttachAsync), forger);
    }

    private static async Task<string> ReadProofAsync(ServerProcess server, string id)
    {
        var proof = "";
        await Eventually.BecomesTrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/logs/{id}/proof");
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await server.Client.SendAsync(request);
            proof = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode;
        });
        return proof;
    }

    private static async Task<string> ReadCheckpointAsync() => await (await ConsoleServer.UseAsync()).Client.GetStringAsync("/checkpoint");

    /// <summary>Signs a checkpoint with a key that the page makes for it.</summary>
    private static Task<string> SignAsync(ConsolePage page, string name, string text, string? id) => page.RunAsync<string>("note", """
        const { base64OfBytes, bytesOfText, concat } = await import('/console/js/bytes.js');
        const { sha256 } = await import('/console/js/merkle.js');
        const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
        const key = concat(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
        const id = argument.id === null
          ? (await sha256(concat(bytesOfText(`${argument.name}\n`), key))).slice(0, 4)
          : Uint8Array.from(argument.id.match(/../g), (byte) => parseInt(byte, 16));
        const signature = new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, pair.privateKey, bytesOfText(argument.text)));
        return `${argument.text}\n\u2014 ${argument.name} ${base64OfBytes(concat(id, signature))}\n`;
        """, new { name, text, id });

    private static void Replace(JsonObject proof, JsonObject other)
    {
        foreach (var (name, value) in other) proof[name] = value?.DeepClone();
    }
}
