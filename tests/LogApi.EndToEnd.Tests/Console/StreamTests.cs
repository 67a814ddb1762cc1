using System.Text.Json;
using System.Text.RegularExpressions;
using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>What the page says of its stream, and how the stream comes back.</summary>
public sealed partial class StreamTests : ConsoleTest
{
    [Test]
    public async Task Stream_ConnectionIsCut_SaysSoAndGoesOnWithoutAHole()
    {
        var server = await ConsoleServer.UseAsync();
        await using var proxy = new TcpProxy(server.Address.Port);
        var user = Unique("cut");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'before'");
        var page = await OpenAsync("js/dom.js");
        page.Expect("favicon.ico");
        page.Expect("net::ERR");
        await page.Page.GotoAsync($"http://{proxy.EndPoint}/console/?q=user:{user}");
        await Assertions.Expect(page.Page.GetByText("SELECT 'before'")).ToBeVisibleAsync();

        proxy.GoDown();
        await Assertions.Expect(State(page)).ToHaveTextAsync("Reconnecting");
        for (var i = 0; i < 3; i++) await client.WriteAsync($"SELECT 'meanwhile {i}'");
        proxy.AcceptConnections();

        await Assertions.Expect(State(page)).ToHaveTextAsync("Live");
        for (var i = 0; i < 3; i++) await Assertions.Expect(page.Page.GetByText($"SELECT 'meanwhile {i}'")).ToBeVisibleAsync();
        await Assertions.Expect(Fact(page, "filled")).ToHaveTextAsync("1 gap, 3 entries");
        await Assertions.Expect(Fact(page, "lost")).ToHaveTextAsync("none");
    }

    [Test]
    public async Task Stream_DeviceHasNoNetwork_SaysOfflineAndCatchesUp()
    {
        var user = Unique("offline");
        using var client = await LoginAsync(user);
        var page = await OpenAsync($"?q=user:{user}");
        await page.IsLiveAsync();

        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(State(page)).ToHaveTextAsync("Offline");
        await Assertions.Expect(page.Page.Locator("stream-status .failure")).ToHaveTextAsync("This device has no network.");
        await client.WriteAsync("SELECT 'meanwhile'");
        await page.Context.SetOfflineAsync(false);

        await Assertions.Expect(State(page)).ToHaveTextAsync("Live");
        await Assertions.Expect(page.Page.GetByText("SELECT 'meanwhile'")).ToBeVisibleAsync();
        await Assertions.Expect(Fact(page, "lost")).ToHaveTextAsync("none");
    }

    [Test]
    public async Task Stream_UpgradesAreBlocked_GoesOnOverServerSentEventsAndSaysSo()
    {
        var server = await ConsoleServer.UseAsync();
        await using var blocker = new UpgradeBlocker(server.Address.Port);
        var user = Unique("blocked");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'history'");
        var page = await OpenAsync("js/dom.js");
        page.Expect("favicon.ico");
        await page.Page.GotoAsync(new Uri(blocker.Address, $"/console/?q=user:{user}").ToString());

        await Assertions.Expect(State(page)).ToHaveTextAsync("Live over SSE");
        await Assertions.Expect(page.Page.GetByText("SELECT 'history'")).ToBeVisibleAsync();
        await client.WriteAsync("SELECT 'live'");
        await Assertions.Expect(page.Page.GetByText("SELECT 'live'")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByText("WebSocket upgrades don’t get through here")).ToBeVisibleAsync();
        Assert.That(blocker.Refused, Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public async Task Stream_ServiceDrains_ComesBackFromTheCursorInItsWords()
    {
        var user = Unique("drain");
        var addresses = new List<string>();
        var page = await OpenAsync($"?q=user:{user}", prepare: page => page.RouteWebSocketAsync(LivePath(), socket =>
        {
            addresses.Add(socket.Url);
            if (addresses.Count > 1) socket.ConnectToServer();
            else _ = socket.CloseAsync(new() { Code = 1001, Reason = "the service is stopping; after=0123456789abcdef-41; retry_ms=700" });
        }));

        await Assertions.Expect(page.Page.GetByText("The service ended the connection: the service is stopping.", new() { Exact = true })).ToBeVisibleAsync();
        await Eventually.BecomesTrueAsync(() => addresses.Count > 1);

        Assert.That(addresses[1], Does.Contain("after=0123456789abcdef-41").And.Contain("batch=1").And.Not.Contain("limit="));
    }

    [Test]
    public async Task Stream_TellsOfAGapAndAHeartbeat_ShowsTheLostRangeInItsPlaceAndTheFigures()
    {
        var user = Unique("gap");
        using var client = await LoginAsync(user);
        await client.WriteAsync("SELECT 'before'");
        var tell = new TaskCompletionSource<IWebSocketRoute>();
        var page = await OpenAsync($"?q=user:{user}", prepare: page => page.RouteWebSocketAsync(LivePath(), socket =>
        {
            socket.ConnectToServer();
            tell.TrySetResult(socket);
        }));
        await Assertions.Expect(page.Page.GetByText("SELECT 'before'")).ToBeVisibleAsync();

        var route = await tell.Task;
        route.Send(JsonSerializer.Serialize(new { type = "gap", from = 5_000_000, to = 5_000_119, reason = "the store has lost them", seq = 5_000_119 }));
        route.Send(JsonSerializer.Serialize(new { type = "heartbeat", timestamp = TimeProvider.System.GetUtcNow(), active_connections = 7, seq = 5_000_200 }));

        await Assertions.Expect(Fact(page, "lost")).ToHaveTextAsync("1 range");
        await Assertions.Expect(page.Page.Locator(".list-row.is-gap")).ToContainTextAsync("Entries 5,000,000 to 5,000,119 are missing: the store has lost them");
        await Assertions.Expect(Fact(page, "connections")).ToHaveTextAsync("7");
        await Assertions.Expect(Fact(page, "seq")).ToHaveTextAsync("5,000,200");
        await page.Page.GetByText("Which", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.List, new() { Name = "Lost ranges" })).ToHaveTextAsync("Entries 5,000,000 to 5,000,119: the store has lost them");
    }

    [Test]
    public async Task Stream_UnfilteredNumberIsPassedOver_SaysThatItIsMissing()
    {
        var page = await OpenAsync(prepare: page => page.RouteWebSocketAsync(LivePath(), socket =>
        {
            socket.Send(JsonSerializer.Serialize(new { type = "logs_response", logs = new[] { Some(10) }, epoch = "0123456789abcdef", seq = 10, next_cursor = (string?)null }));
            socket.Send(JsonSerializer.Serialize(new { type = "logs_batch", logs = new[] { Some(11), Some(14) } }));
        }));

        await Assertions.Expect(Fact(page, "lost")).ToHaveTextAsync("1 range");
        await Assertions.Expect(page.Page.Locator(".list-row.is-gap")).ToContainTextAsync("Entries 12 to 13 are missing");
        await Assertions.Expect(page.Page.Locator(".list-row:visible")).ToHaveCountAsync(4);
    }

    [Test]
    public async Task Stream_IsLive_ShowsLagSequenceAndCheckpoint()
    {
        var user = Unique("facts");
        using var client = await LoginAsync(user);
        var page = await OpenAsync($"?q=user:{user}");
        await page.IsLiveAsync();
        var entry = await client.WriteAsync("SELECT 1");

        await Assertions.Expect(Fact(page, "lag")).ToHaveTextAsync(Duration());
        await Assertions.Expect(Fact(page, "checkpoint")).ToHaveTextAsync(Checkpoint());
        await Eventually.BecomesTrueAsync(async () =>
            long.Parse((await Fact(page, "seq").TextContentAsync())!.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) >= entry.Seq());
    }

    private static object Some(int seq) => new
    {
        type = "log", seq, id = Guid.CreateVersion7(), user_id = "somebody", query = $"SELECT {seq}", status = "SUCCESS", timestamp = TimeProvider.System.GetUtcNow(), hash = "00",
    };

    private static ILocator State(ConsolePage page) => page.Page.Locator("stream-status .state");

    private static ILocator Fact(ConsolePage page, string name) => page.Page.Locator($".fact-{name} dd");

    [GeneratedRegex("/ws/logs", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LivePath();

    [GeneratedRegex(@"^\d.* (?:ms|s|min)$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[\d,]+ entr(?:y|ies), (?:now|\d+ .* ago)$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Checkpoint();
}
