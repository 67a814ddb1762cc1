using System.Text.Json;
using LogApi.Testing;
using LogApi.Web.Live;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class BatchTests
{
    [TestCase("")]
    [TestCase("&user_id=u")]
    public async Task Batch_SeveralEntriesAtOnce_ComeInOneMessageAsTheyWouldAlone(string filter)
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16 });
        server.Log.Append(Some.Entries(300, "u"));
        server.Log.Lose(7);
        using var single = await server.ConnectAsync("/ws/stream?after=epoch1--1" + filter);
        using var batched = await server.ConnectAsync("/ws/stream?batch=1&after=epoch1--1" + filter);
        var alone = new List<string>();
        while (alone.Count < 301) alone.Add((await single.ReceiveAsync()).ToString());

        var (messages, batches) = (new List<string>(), 0);
        while (messages.Count < 301)
        {
            var message = await batched.ReceiveAsync();
            if (message.GetProperty("type").GetString() == "heartbeat") continue;
            if (message.GetProperty("type").GetString() != "logs_batch")
            {
                messages.Add(message.ToString());
                continue;
            }

            batches++;
            Assert.That(message.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "type", "logs" }));
            var logs = message.GetProperty("logs").EnumerateArray().Select(entry => entry.ToString()).ToList();
            Assert.That(logs, Has.Count.GreaterThan(1));
            messages.AddRange(logs);
        }

        Assert.That(batches, Is.GreaterThan(0));
        Assert.That(messages, Is.EqualTo(alone));
        Assert.That(JsonDocument.Parse(messages[8]).RootElement.GetProperty("type").GetString(), Is.EqualTo("gap"));
    }

    [Test]
    public async Task Batch_Connect_IsToldAtOnceWhatAHeartbeatSays()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        using var client = await server.ConnectAsync("/ws/stream?batch=1");
        var beat = await client.ReceiveAsync();
        Assert.That(beat.GetProperty("type").GetString(), Is.EqualTo("heartbeat"));
        Assert.That(beat.GetProperty("seq").GetInt64(), Is.EqualTo(2));
        Assert.That(beat.GetProperty("active_connections").GetInt64(), Is.EqualTo(1), "it counts itself");
    }

    [Test]
    public async Task Batch_ManyClientsAtOnePlace_AllGetTheSame()
    {
        await using var server = await LiveServer.StartAsync();
        var clients = new List<LiveClient>();
        for (var i = 0; i < 10; i++) clients.Add(await server.ConnectAsync("/ws/stream?batch=1"));
        for (var round = 0; round < 20; round++) server.Log.Append(Some.Entries(10));
        foreach (var client in clients)
        {
            var seqs = new List<long>();
            while (seqs.Count < 200)
            {
                var message = await client.ReceiveAsync();
                if (message.GetProperty("type").GetString() == "heartbeat") continue;
                if (message.TryGetProperty("logs", out var logs)) seqs.AddRange(logs.EnumerateArray().Select(entry => entry.GetProperty("seq").GetInt64()));
                else seqs.Add(message.GetProperty("seq").GetInt64());
            }

            Assert.That(seqs, Is.EqualTo(Enumerable.Range(0, 200).Select(i => (long)i)));
            client.Dispose();
        }
    }
}
