using System.Net;
using System.Net.Http.Json;

namespace LogApi.EndToEnd.Tests.Logs;

public sealed class RedactionOverProcessesTests
{
    [Test]
    public async Task Redact_TwoProcesses_TheOtherGivesNothingOfItFromItsMemory()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis, ("SEAL_HOT_BUNDLES", "1"), ("SEAL_HOLD_MS", "0"), ("STORE_TIMEOUT_MS", "30000"));
        await using var other = await service.StartAnotherAsync();
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 'zyxwvutsrq'");
        await client.FillAsync(Enumerable.Range(0, 600).Select(i => new { query = $"SELECT {i}", status = "OK" }));
        await RedactionTests.IsSealedAsync(service);
        Assert.That(await other.Client.SearchAsync("limit=1000&q=zyxwvutsrq"), Has.Count.EqualTo(1));

        using var answer = await client.PostAsJsonAsync($"/api/v1/logs/{entry.Id()}/redact", new { reason = "asked for it" });

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await other.Client.SearchAsync("limit=1000&q=zyxwvutsrq"), Is.Empty);
        Assert.That(await other.Client.GetStringAsync("/api/v1/logs?limit=1000&order=asc"), Does.Not.Contain("zyxwvutsrq"));
        await using var live = await LiveClient.ConnectAsync(other, "/ws/logs?limit=1000");
        Assert.That((await live.HistoryAsync()).GetRawText(), Does.Not.Contain("zyxwvutsrq").And.Contain("\"redacted\":true"));
    }
}
