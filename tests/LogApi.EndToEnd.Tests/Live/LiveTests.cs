using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Live;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LiveTests(StoreKind kind)
{
    [Test]
    public async Task Logs_JoinedWhileOthersWrite_HasEveryEntryOnceInHistoryOrLive()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        var writers = new Writers(client, count: 6);
        var joined = new List<LiveClient>();
        for (var i = 1; i <= 5; i++)
        {
            var enough = i * 60;
            await Eventually.BecomesTrueAsync(() => writers.Acknowledged.Count > enough, TimeSpan.FromSeconds(30));
            joined.Add(await LiveClient.ConnectAsync(service.Server, "/ws/logs?limit=1000"));
        }

        var last = writers.Acknowledged.Count + 60;
        await Eventually.BecomesTrueAsync(() => writers.Acknowledged.Count > last, TimeSpan.FromSeconds(30));
        await writers.StopAsync();

        var written = writers.Entries.Select(entry => entry.Seq()).Order().ToList();
        foreach (var live in joined)
        {
            await Eventually.BecomesTrueAsync(() => live.Last >= written[^1], TimeSpan.FromSeconds(20));
            var history = (await live.HistoryAsync()).GetProperty("logs").EnumerateArray().Select(entry => entry.Seq()).Reverse();
            Assert.That(history.Concat(live.Sequences), Is.EqualTo(written));
            await live.DisposeAsync();
        }
    }

    [Test]
    public async Task Logs_LimitOffsetAndUser_AnswerAsAskedAndFilterLiveEntries()
    {
        await using var service = await Service.StartAsync(kind);
        using var ada = await service.Server.LoginAsync("ada");
        using var bob = await service.Server.LoginAsync("bob");
        for (var i = 0; i < 6; i++)
        {
            await ada.WriteAsync($"SELECT {i} OF ada");
            await bob.WriteAsync($"SELECT {i} OF bob");
        }

        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/logs?user_id=ada&limit=2&offset=1");
        var history = await live.HistoryAsync();
        await bob.WriteAsync("SELECT 'live' OF bob");
        await ada.WriteAsync("SELECT 'live' OF ada");
        await Eventually.BecomesTrueAsync(() => live.Entries.Count == 1);

        Assert.That(history.GetProperty("user_filter").GetString(), Is.EqualTo("ada"));
        Assert.That(history.GetProperty("limit").GetInt32(), Is.EqualTo(2));
        Assert.That(history.GetProperty("offset").GetInt32(), Is.EqualTo(1));
        Assert.That(history.GetProperty("count").GetInt32(), Is.EqualTo(2));
        Assert.That(history.GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("query").GetString()),
            Is.EqualTo(new[] { "SELECT 4 OF ada", "SELECT 3 OF ada" }));
        Assert.That(live.Entries[0].GetProperty("query").GetString(), Is.EqualTo("SELECT 'live' OF ada"));
        Assert.That(live.Entries[0].EnumerateObject().Select(member => member.Name),
            Is.EquivalentTo(new[] { "type", "seq", "id", "user_id", "query", "status", "timestamp", "hash" }));
    }

    [Test]
    public async Task Filter_UserIdOutsideAscii_GetsItsEntriesUnchangedOnBothSockets()
    {
        const string User = "zażółć \"日本\u3000語\" \u00A0\uE000🙂";
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync(User);
        using var other = await service.Server.LoginAsync("zażółć");
        await client.WriteAsync("SELECT 'before 🙂'");
        var filter = $"user_id={Uri.EscapeDataString(User)}";
        await using var logs = await LiveClient.ConnectAsync(service.Server, $"/ws/logs?{filter}");
        await using var stream = await LiveClient.ConnectAsync(service.Server, $"/ws/stream?{filter}");
        await using var everyone = await LiveClient.ConnectAsync(service.Server, "/ws/stream");

        var history = await logs.HistoryAsync();
        await other.WriteAsync("SELECT 'of another'");
        var live = await client.WriteAsync("SELECT 'live 🙂'");
        await Eventually.BecomesTrueAsync(() => new[] { logs, stream, everyone }.All(one => one.Last == live.Seq()));

        Assert.That(history.GetProperty("user_filter").GetString(), Is.EqualTo(User));
        Assert.That(history.GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("user_id").GetString()),
            Is.EqualTo(new[] { User }));
        foreach (var one in new[] { logs, stream })
        {
            Assert.That(one.Entries, Has.Count.EqualTo(1));
            Assert.That(one.Entries[0].GetProperty("user_id").GetString(), Is.EqualTo(User));
            Assert.That(one.Entries[0].GetProperty("query").GetString(), Is.EqualTo("SELECT 'live 🙂'"));
        }

        Assert.That(everyone.Entries, Has.Count.EqualTo(2));
        Assert.That(everyone.OfType("gap"), Is.Empty);
    }

    [Test]
    public async Task Stream_EntriesFromBefore_AreNotSent()
    {
        await using var service = await Service.StartAsync(kind);
        using var client = await service.Server.LoginAsync("ada");
        await client.WriteAsync("SELECT 'before'");
        await using var live = await LiveClient.ConnectAsync(service.Server, "/ws/stream");

        var after = await client.WriteAsync("SELECT 'after'");

        await Eventually.BecomesTrueAsync(() => live.Entries.Count > 0);
        Assert.That(live.Sequences, Is.EqualTo(new[] { after.Seq() }));
    }
}

[Parallelizable(ParallelScope.All)]
public sealed class LiveAcrossProcessesTests
{
    [Test]
    public async Task Heartbeat_TwoProcesses_CountsTheConnectionsOfBothAndForgetsAKilledOne()
    {
        (string, string)[] quick = [("LIVE_HEARTBEAT_SECONDS", "1"), ("LIVE_COUNT_SECONDS", "1")];
        await using var service = await Service.StartAsync(StoreKind.Redis, quick);
        var second = await service.StartAnotherAsync();
        await using var one = await LiveClient.ConnectAsync(service.Server, "/ws/stream");
        await using var two = await LiveClient.ConnectAsync(service.Server, "/ws/logs");
        await using var three = await LiveClient.ConnectAsync(second, "/ws/stream");

        await Eventually.BecomesTrueAsync(() => LastCount(one) == 3 && LastCount(three) == 3, TimeSpan.FromSeconds(20));
        await second.DisposeAsync();

        await Eventually.BecomesTrueAsync(() => LastCount(one) == 2, TimeSpan.FromSeconds(40));
    }

    private static long LastCount(LiveClient client) =>
        client.OfType("heartbeat").Select(beat => beat.GetProperty("active_connections").GetInt64()).LastOrDefault();
}
