using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.EndToEnd.Tests.Logs;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RedactionTests(StoreKind kind)
{
    private static readonly string[] Left = ["id", "timestamp", "redacted", "commitment", "seq"];

    [Test]
    public async Task Redact_EntryWithEverything_IsGoneFromEveryAnswer([Values] bool isSealed)
    {
        await using var service = await Service.StartAsync(kind, ("SEAL_HOT_BUNDLES", "1"), ("SEAL_HOLD_MS", "0"), ("STORE_TIMEOUT_MS", "30000"));
        using var ada = await service.Server.LoginAsync("zyxwvutsrq-ada");
        using var bob = await service.Server.LoginAsync("bob");
        using var put = await ada.PutAsJsonAsync(
            "/api/v1/logs", new { query = "SELECT 'zyxwvutsrq'", status = "ZYXWVUTSRQ", attributes = new Dictionary<string, string> { ["ticket"] = "zyxwvutsrq-1" } });
        var entry = await put.Content.ReadFromJsonAsync<JsonElement>();
        if (isSealed)
        {
            await bob.FillAsync(Enumerable.Range(0, 600).Select(i => new { query = $"SELECT {i}", status = "OK" }));
            if (kind == StoreKind.Redis) await IsSealedAsync(service);
        }

        using var before = await bob.GetAsync(new Uri($"/api/v1/logs/{entry.Id()}", UriKind.Relative));
        await bob.SearchAsync("limit=1000");
        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/logs");
        await live.HistoryAsync();

        using var answer = await bob.PostAsJsonAsync($"/api/v1/logs/{entry.Id()}/redact", new { reason = "asked for it" });

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        var redacted = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(redacted.EnumerateObject().Select(member => member.Name), Is.EqualTo(Left));
        Assert.That(redacted.Seq(), Is.Zero);
        using var after = await bob.GetAsync(new Uri($"/api/v1/logs/{entry.Id()}", UriKind.Relative));
        Assert.That(await after.Content.ReadAsStringAsync(), Is.EqualTo(await answer.Content.ReadAsStringAsync()));
        Assert.That(after.Headers.ETag, Is.Not.EqualTo(before.Headers.ETag));
        var verdict = await bob.VerifyAsync(entry.Id());
        Assert.That(verdict.GetProperty("valid").GetBoolean(), verdict.ToString());

        await AssertNotFoundAsync(bob, redacted);
        await AssertExportedAsync(bob, redacted);
        await AssertLiveAsync(service, live, redacted);
        if (kind == StoreKind.Redis) await AssertNotStoredAsync(service);
    }

    [Test]
    public async Task Redact_Again_IsToldOnceByAnEntryThatStays()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var answer = await client.PostAsJsonAsync($"/api/v1/logs/{entry.Id()}/redact", new { reason = $"reason {i}" });
            return (answer.StatusCode, Text: await answer.Content.ReadAsStringAsync());
        }));

        Assert.That(answers, Is.All.EqualTo(answers[0]));
        Assert.That(answers[0].StatusCode, Is.EqualTo(HttpStatusCode.OK), answers[0].Text);
        var told = (await client.SearchAsync("status=REDACTION")).Single();
        Assert.That(told.GetProperty("user_id").GetString(), Is.EqualTo("logapi:redaction"));
        Assert.That(told.GetProperty("attributes").GetProperty("by").GetString(), Is.EqualTo("ada"));
        Assert.That(told.GetProperty("query").GetString(), Does.Match($"^Redacted entry 0, {entry.Id()}: reason [0-3]$"));
        Assert.That(told.GetProperty("attributes").GetProperty("entry_seq").GetString(), Is.EqualTo("0"));
        Assert.That(told.GetProperty("attributes").GetProperty("entry_id").GetString(), Is.EqualTo(entry.Id()));
        using var refusal = await client.PostAsJsonAsync($"/api/v1/logs/{told.Id()}/redact", new { reason = "x" });
        Assert.That(refusal.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await refusal.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo("not_redactable"));
    }

    [Test]
    public async Task Redact_ThenTheSameEntryIsSentAgain_IsNotStoredAgain()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        var id = Guid.NewGuid().ToString();
        using var first = await SendAsync(client, id);
        using var redaction = await client.PostAsJsonAsync($"/api/v1/logs/{id}/redact", new { reason = "x" });

        using var replay = await SendAsync(client, id);
        using var other = await client.PutAsJsonAsync("/api/v1/logs", new { id, query = "SELECT 1", status = "OK" });
        using var batch = await client.PostAsJsonAsync("/api/v1/logs/batch", new[] { new { id, query = "SELECT 1", status = "OK" } });

        Assert.That((first.StatusCode, redaction.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        foreach (var answer in new[] { replay, other })
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That((answer.StatusCode, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "id_conflict")));
            Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("redacted"));
        }

        Assert.That(await batch.Content.ReadAsStringAsync(), Does.Contain("id_conflict").And.Contain("redacted"));
        Assert.That(await client.SearchAsync("limit=100"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Redact_WithoutSessionOrReasonOrEntry_IsRefused()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");

        using var anonymous = await service.Server.Client.PostAsJsonAsync($"/api/v1/logs/{entry.Id()}/redact", new { reason = "x" });
        using var silent = await client.PostAsJsonAsync($"/api/v1/logs/{entry.Id()}/redact", new { reason = "" });
        using var unknown = await client.PostAsJsonAsync($"/api/v1/logs/{Guid.NewGuid()}/redact", new { reason = "x" });

        Assert.That(anonymous.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(silent.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await client.GetFromJsonAsync<JsonElement>($"/api/v1/logs/{entry.Id()}")).GetProperty("query").GetString(), Is.EqualTo("SELECT 1"));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/logs") { Content = JsonContent.Create(new { id, query = "SELECT 1", status = "OK" }) };
        request.Headers.Add("Idempotency-Key", "\"key\"");
        return await client.SendAsync(request);
    }

    private static async Task AssertNotFoundAsync(HttpClient client, JsonElement redacted)
    {
        var all = await client.SearchAsync("limit=1000&order=asc");
        Assert.That(JsonElement.DeepEquals(all[0], redacted), all[0].ToString());
        foreach (var query in new[] { "user_id=zyxwvutsrq-ada", "status=ZYXWVUTSRQ", "q=zyxwvutsrq", "attr.ticket=zyxwvutsrq-1" })
            Assert.That(await client.SearchAsync("limit=1000&" + query), Is.Empty, query);
        var time = Uri.EscapeDataString(redacted.GetProperty("timestamp").GetString()!);
        Assert.That((await client.SearchAsync($"from={time}&order=asc"))[0].Id(), Is.EqualTo(redacted.Id()));
        Assert.That((await client.SearchAsync($"to={time}")).Select(entry => entry.Id()), Does.Not.Contain(redacted.Id()));
        Assert.That(all[^1].GetProperty("query").GetString(), Does.StartWith("Redacted entry 0, "));
        Assert.That(JsonSerializer.Serialize(all), Does.Not.Contain("zyxwvutsrq").IgnoreCase);
        var stats = await client.GetStringAsync("/api/v1/stats?users=100");
        Assert.That(stats, Does.Not.Contain("zyxwvutsrq"));
    }

    private static async Task AssertExportedAsync(HttpClient client, JsonElement redacted)
    {
        var lines = await client.GetStringAsync("/api/v1/logs/export");
        Assert.That(lines, Does.Not.Contain("zyxwvutsrq").IgnoreCase);
        Assert.That(lines.Split('\n')[0], Is.EqualTo(redacted.GetRawText()));
        var csv = await client.GetStringAsync("/api/v1/logs/export?format=csv");
        Assert.That(csv, Does.Not.Contain("zyxwvutsrq").IgnoreCase);
        Assert.That(csv.Split("\r\n")[1], Is.EqualTo($"0,{redacted.Id()},,,,{redacted.GetProperty("timestamp").GetString()},,,,redacted"));
    }

    private static async Task AssertLiveAsync(Service service, LiveClient live, JsonElement redacted)
    {
        await Eventually.BecomesTrueAsync(() => live.Entries.Any(entry => entry.GetProperty("status").GetString() == "REDACTION"));
        await using var all = await LiveClient.ConnectAsync(service.Server, "/ws/logs?limit=1000");
        var oldest = (await all.HistoryAsync()).GetProperty("logs").EnumerateArray().Last();
        Assert.That(JsonElement.DeepEquals(oldest, redacted), oldest.ToString());
        await using var mine = await LiveClient.ConnectAsync(service.Server, "/ws/logs?user_id=zyxwvutsrq-ada");
        Assert.That((await mine.HistoryAsync()).GetProperty("count").GetInt32(), Is.Zero);
    }

    internal static async Task IsSealedAsync(Service service)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);
        await Eventually.BecomesTrueAsync(
            async () => (long)await redis.GetDatabase().HashGetAsync("logapi:{log}:head", "sealed") >= 256, TimeSpan.FromSeconds(20));
    }

    // What a dump of a key has is the value itself, compressed where Redis does; a sealed bundle is judged by what it is read as.
    private static async Task AssertNotStoredAsync(Service service)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);
        var db = redis.GetDatabase();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: "*"))
        {
            if (key.ToString().Contains("session:", StringComparison.Ordinal)) continue;
            Assert.That(key.ToString(), Does.Not.Contain("zyxwvutsrq"));
            var dump = Encoding.Latin1.GetString((await db.KeyDumpAsync(key))!);
            Assert.That(dump, Does.Not.Contain("zyxwvutsrq"), key.ToString());
        }
    }
}
