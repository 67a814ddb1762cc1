using LogApi.Domain.Entries;
using LogApi.Testing;
using LogApi.Web.Live;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class FilterTests
{
    private static readonly LogEntry[] Entries =
    [
        Some.Entry("ann", "SELECT 1", "SUCCESS"),
        Some.Entry("ann", "DELETE FROM orders", "ERROR"),
        Some.Entry("bob", "delete from orders", "DENIED"),
        Some.Entry("bob", "SELECT 2", "ERROR"),
    ];

    [TestCase("user_id=ann", new long[] { 0, 1 })]
    [TestCase("status=ERROR", new long[] { 1, 3 })]
    [TestCase("status=ERROR,DENIED", new long[] { 1, 2, 3 })]
    [TestCase("status=ERROR&status=DENIED", new long[] { 1, 2, 3 })]
    [TestCase("q=Delete%20From", new long[] { 1, 2 })]
    [TestCase("user_id=bob&status=ERROR&q=select", new long[] { 3 })]
    [TestCase("to=2020-01-01T00:00:00Z", new long[0])]
    [TestCase("unknown=x", new long[] { 0, 1, 2, 3 })]
    public async Task Filter_EveryKindOfStream_GivesWhatMatchesOfHistoryOfTheStoreAndOfWhatComes(string filter, long[] expected)
    {
        await using var server = await LiveServer.StartAsync(new LiveOptions { RingEntries = 16 });
        server.Log.Append(Entries);
        var last = Some.Entry("last", "the end", "END");
        using var logs = await server.ConnectAsync("/ws/logs?" + filter);
        using var resumed = await server.ConnectAsync("/ws/stream?after=epoch1--1&" + filter);
        using var stream = await server.ConnectAsync("/ws/stream?" + filter);
        await using var events = await EventStreamClient.ConnectAsync(server, "?" + filter);

        var history = (await logs.ReceiveAsync()).GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("seq").GetInt64());
        Assert.That(history, Is.EqualTo(expected.Reverse()));
        await resumed.ReceiveAsync();
        Assert.That(await resumed.ReceiveSeqsAsync(expected.Length), Is.EqualTo(expected));

        server.Log.Append(Entries);
        server.Log.Append(last);
        var live = expected.Select(seq => seq + Entries.Length).ToList();
        Assert.That(await logs.ReceiveSeqsAsync(live.Count), Is.EqualTo(live));
        Assert.That(await resumed.ReceiveSeqsAsync(live.Count), Is.EqualTo(live));
        Assert.That(await stream.ReceiveSeqsAsync(live.Count), Is.EqualTo(live));
        foreach (var seq in live) Assert.That((await events.ReceiveAsync()).GetProperty("seq").GetInt64(), Is.EqualTo(seq));
    }

    [Test]
    public async Task Filter_Attribute_GivesEntriesThatHaveIt()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream?attr.tenant=acme&attr.region=eu");
        server.Log.Append(With(("tenant", "acme")), With(("region", "eu"), ("tenant", "acme")), With(("region", "eu"), ("tenant", "acme2")), With(("region", "eu"), ("tenant", "acme"), ("z", "1")));
        Assert.That(await client.ReceiveSeqsAsync(2), Is.EqualTo(new long[] { 1, 3 }));
    }

    private static LogEntry With(params (string Name, string Value)[] attributes) => LogEntry.Create(
        Some.UserId(), Some.Query(), Some.Status(), Some.Time, Some.Hasher,
        attributes: LogAttributes.Create([.. attributes.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value))]));
}
