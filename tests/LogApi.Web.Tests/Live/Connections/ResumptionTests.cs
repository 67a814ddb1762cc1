using System.Text.Json;
using LogApi.Testing;
using LogApi.Web.Live;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class ResumptionTests
{
    [TestCase("/ws/logs")]
    [TestCase("/ws/stream")]
    public async Task After_KnownPosition_SaysRecoveredAndGivesEveryEntrySince(string path)
    {
        // The ring is far too small for it: most comes from the store, and then live entries follow without a seam.
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16, BackfillEntries = 20 });
        server.Log.Append(Some.Entries(500));
        using var client = await server.ConnectAsync(path + "?after=epoch1-99");

        Assert.That((await client.ReceiveAsync()).ToString(), Is.EqualTo("""{"type":"resumed","recovered":true,"epoch":"epoch1","seq":99}"""));
        server.Log.Append(Some.Entries(5));
        Assert.That(await client.ReceiveSeqsAsync(405), Is.EqualTo(Enumerable.Range(100, 405).Select(i => (long)i)));
    }

    [Test]
    public async Task After_NewestPosition_BeginsWithWhatComes()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(3));
        using var client = await server.ConnectAsync("/ws/stream?after=epoch1-2");
        Assert.That((await client.ReceiveAsync()).GetProperty("recovered").GetBoolean(), Is.True);
        server.Log.Append(Some.Entry());
        Assert.That(await client.ReceiveSeqAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task After_EmptyLog_GoesOnFromItsFirstEntry()
    {
        await using var server = await LiveServer.StartAsync();
        using var first = await server.ConnectAsync("/ws/logs");
        var history = await first.ReceiveAsync();
        var after = $"{history.GetProperty("epoch").GetString()}-{history.GetProperty("seq").GetInt64()}";
        server.Log.Append(Some.Entries(2));
        using var second = await server.ConnectAsync("/ws/stream?after=" + after);
        Assert.That((await second.ReceiveAsync()).GetProperty("recovered").GetBoolean(), Is.True);
        Assert.That(await second.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public async Task After_OtherLog_SaysThatNobodyKnowsWhatIsMissingAndGivesAllOfThisOne()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(2));
        using var client = await server.ConnectAsync("/ws/stream?after=epoch0-7");
        Assert.That((await client.ReceiveAsync()).ToString(), Is.EqualTo(
            """{"type":"gap","from":8,"to":null,"reason":"the log was started anew","recovered":false,"epoch":"epoch1","seq":-1}"""));
        Assert.That(await client.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public async Task After_PositionBehindTheEnd_SaysThatTheLogWasSetBack()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(5));
        using var client = await server.ConnectAsync("/ws/stream?after=epoch1-9");
        Assert.That((await client.ReceiveAsync()).ToString(), Is.EqualTo(
            """{"type":"gap","from":5,"to":9,"reason":"the log was set back","recovered":false,"epoch":"epoch1","seq":4}"""));
        server.Log.Append(Some.Entry());
        Assert.That(await client.ReceiveSeqAsync(), Is.EqualTo(5));
    }

    [Test]
    public async Task After_Now_SaysWhereTheStreamIs()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(5));
        using var client = await server.ConnectAsync("/ws/stream?after=now");
        Assert.That((await client.ReceiveAsync()).ToString(), Is.EqualTo("""{"type":"resumed","epoch":"epoch1","seq":4}"""));
    }

    [Test]
    public async Task Log_SetBack_IsToldToThoseWhoHadMoreAndToNobodyElse()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Some.Entries(5));
        using var client = await server.ConnectAsync("/ws/stream?after=epoch1-1");
        await client.ReceiveAsync();
        Assert.That(await client.ReceiveSeqsAsync(3), Is.EqualTo(new long[] { 2, 3, 4 }));

        server.Log.SetBack(to: 3);
        Assert.That((await client.ReceiveAsync()).ToString(), Is.EqualTo(
            """{"type":"gap","from":3,"to":4,"reason":"the log was set back","epoch":"epoch1","seq":2}"""));
        server.Log.Append(Some.Entries(2));
        Assert.That(await client.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 3, 4 }));
    }

    [Test]
    public async Task Heartbeat_FilteredClient_MovesItsPositionPastWhatItDidNotWant()
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { HeartbeatSeconds = 1 });
        using var client = await server.ConnectAsync("/ws/stream?user_id=nobody");
        server.Log.Append(Some.Entries(7, "somebody"));
        JsonElement beat;
        do beat = await client.ReceiveAsync();
        while (beat.GetProperty("seq").GetInt64() != 6);
        Assert.That(beat.GetProperty("epoch").GetString(), Is.EqualTo("epoch1"));
    }
}
