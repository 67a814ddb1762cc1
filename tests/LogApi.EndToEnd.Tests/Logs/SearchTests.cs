using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests.Logs;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class SearchTests(StoreKind kind)
{
    private Service _service = null!;

    [OneTimeSetUp]
    public async Task StartServiceAsync() => _service = await StartAsync();

    [OneTimeTearDown]
    public async Task StopServiceAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    // Other tests keep the machine busy, and none of these is about time.
    private Task<Service> StartAsync() => Service.StartAsync(kind, ("STORE_TIMEOUT_MS", "30000"));

    [Test]
    public async Task Get_WrittenEntry_IsWhatTheWriteAnswered()
    {
        using var client = await _service.Server.LoginAsync("ada");
        var written = await client.WriteAsync("SELECT 'żółć \"\\ 🙂'");

        using var response = await _service.Server.Client.GetAsync($"/api/v1/logs/{written.Id()}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/logs/{written.Id()}");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var notModified = await _service.Server.Client.SendAsync(again);
        using var unknown = await _service.Server.Client.GetAsync($"/api/v1/logs/{Guid.CreateVersion7()}");

        Assert.That(JsonElement.DeepEquals(await response.Content.ReadFromJsonAsync<JsonElement>(), written));
        Assert.That(notModified.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Search_RightAfterAWrite_HasTheEntry()
    {
        using var client = await _service.Server.LoginAsync("ada");
        for (var i = 0; i < 50; i++)
        {
            var written = await client.WriteAsync($"SELECT {i}");
            var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/logs?limit=1");
            Assert.That(page.GetProperty("items")[0].Id(), Is.EqualTo(written.Id()));
        }
    }

    [TestCase("desc")]
    [TestCase("asc")]
    public async Task Search_PagesWhileEntriesAreAdded_GiveEachOnceInOrder(string order)
    {
        var user = "ada-" + order;
        using var ada = await _service.Server.LoginAsync(user);
        using var bob = await _service.Server.LoginAsync("bob");
        await ada.FillAsync(Enumerable.Range(0, 700).Select(i => new { query = $"SELECT {i}", status = i % 2 == 0 ? "OK" : "ERROR" }));
        var writers = new Writers(bob, count: 2);

        var everyone = await _service.Server.Client.SearchAsync($"order={order}&limit=37");
        var adas = await _service.Server.Client.SearchAsync($"order={order}&limit=37&user_id={user}&status=OK");
        await writers.StopAsync();

        var sequences = everyone.Select(entry => entry.Seq()).ToList();
        Assert.That(sequences, Is.EqualTo(Enumerable.Range(0, sequences.Count).Select(i => order == "asc" ? i : (long)(sequences.Count - 1 - i))));
        Assert.That(everyone.Count(entry => entry.GetProperty("user_id").GetString() == user), Is.EqualTo(700));
        Assert.That(adas.Select(entry => entry.Seq()).Distinct().Count(), Is.EqualTo(350));
        Assert.That(adas, Has.Count.EqualTo(350));
    }

    [Test]
    public async Task Search_ConditionsTogether_FindTheEntry()
    {
        using var client = await _service.Server.LoginAsync("ada lovelace");
        var written = await client.WriteAsync("delete FROM Żółw WHERE id = 1", "DENIED");
        await client.WriteAsync("SELECT 1", "OK");

        var found = await _service.Server.Client.SearchAsync(
            "user_id=ada%20lovelace&status=DENIED,ERROR&q=from%20%C5%BC%C3%93%C5%81W&from=2020-01-01T00:00:00Z&to=2999-01-01T00:00:00%2B01:00");

        Assert.That(found.Select(entry => entry.Seq()), Is.EqualTo(new[] { written.Seq() }));
    }

    [Test]
    public async Task Search_OldestFirstCursor_FollowsTheLog()
    {
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("ada");
        var empty = await client.GetFromJsonAsync<JsonElement>("/api/v1/logs?order=asc");
        await client.WriteAsync("SELECT 1");

        var first = await Next(empty);
        await client.WriteAsync("SELECT 2");
        var second = await Next(first);

        Assert.That(first.GetProperty("items")[0].Seq(), Is.Zero);
        Assert.That(second.GetProperty("items").EnumerateArray().Select(entry => entry.Seq()), Is.EqualTo(new long[] { 1 }));

        async Task<JsonElement> Next(JsonElement page) => await client.GetFromJsonAsync<JsonElement>(
            $"/api/v1/logs?order=asc&cursor={page.GetProperty("next_cursor").GetString()}");
    }
}
