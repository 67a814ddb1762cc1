using System.Collections.Concurrent;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Append;

/// <summary>Entries whose ids may be in the part of the log that is sealed, or that gets sealed meanwhile, or that is dropped.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class EntryAppenderTests(StoreKind kind)
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task AppendAsync_KnownEntryIsSealed_GivesItsRecordAndStoresNothing(bool processHasSeenTheSealing)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var ofThisTime = Some.Entry();
        var random = Entry(Guid.NewGuid());
        await process.AppendAllAsync([ofThisTime, random, .. Some.Entries(510)]);
        await new KeeperPart(store, process).SealAsync();
        await using var other = await LogProcess.StartAsync(store);
        var fresh = Some.Entry();

        var appended = await (processHasSeenTheSealing ? process : other).AppendAllAsync(Again(random), fresh, Again(ofThisTime));

        Assert.That(appended.Select(entry => entry.Outcome), Is.EqualTo(
            new[] { AppendOutcome.Known, AppendOutcome.Stored, AppendOutcome.Known }));
        Assert.That(appended.Select(entry => entry.Sequence), Is.EqualTo(new long[] { 1, 512, 0 }));
        Assert.That(appended[0].Earlier.ToArray(), Is.EqualTo(EntryRecord.Encode(random)));
        Assert.That(appended[2].Earlier.ToArray(), Is.EqualTo(EntryRecord.Encode(ofThisTime)));
        Assert.That((await other.Logs.GetHeadAsync(default)).Next, Is.EqualTo(513));
    }

    [Test]
    public async Task AppendAsync_KnownEntryWasDropped_SaysSoAndStoresNothing()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var ofThisTime = Some.Entry();
        var random = Entry(Guid.NewGuid());
        await process.AppendAllAsync([ofThisTime, random, .. Some.Entries(510)]);
        await process.AppendAllAsync(Some.Entries(512));
        await new KeeperPart(store, process).SealAsync();
        await new KeeperPart(store, process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 300 }).DropAsync();
        var next = (await process.Logs.GetHeadAsync(default)).Next;

        var appended = await process.AppendAllAsync(Again(random), Again(ofThisTime));

        Assert.That(appended, Is.All.EqualTo(new Appended(AppendOutcome.Dropped, -1)));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(next));
    }

    [Test]
    public async Task AppendAsync_BundlesAreSealedAllTheWhile_StoresEachIdOnce()
    {
        const int ids = 1_500;
        await using var store = await StoreFixture.StartAsync(kind);
        await using var one = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        await using var keeper = await LogProcess.StartAsync(store);
        var entries = Enumerable.Range(0, ids).Select(i => i % 2 == 0 ? Some.Entry() : Entry(Guid.NewGuid())).ToList();
        var outcomes = new ConcurrentBag<(LogId Id, Appended Appended)>();
        using var done = new CancellationTokenSource();
        var sealing = Task.Run(async () =>
        {
            var part = new KeeperPart(store, keeper);
            while (!done.IsCancellationRequested) await part.SealAsync();
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            var order = new Random(writer);
            for (var round = 0; round < 40; round++)
            {
                // Around a place that moves on, so that an id comes again while it is hot, while it is sealed, and after.
                var unit = Enumerable.Range(0, 100).Select(_ => entries[Math.Clamp((round * ids / 40) + order.Next(-500, 100), 0, ids - 1)]);
                var sent = unit.Select(Again).ToList();
                var appended = await (writer % 2 == 0 ? one : other).AppendAllAsync(sent);
                for (var i = 0; i < sent.Count; i++) outcomes.Add((sent[i].Id, appended[i]));
            }
        }));
        await done.CancelAsync();
        await sealing;

        var head = await keeper.Logs.GetHeadAsync(default);
        Assert.That(await keeper.Connection.Database.HashGetAsync(keeper.Connection.Keys.Head, "sealed"), Is.Not.EqualTo(RedisValue.Null), "something was sealed");
        Assert.That(head.Next, Is.EqualTo(outcomes.DistinctBy(outcome => outcome.Id).Count()));
        foreach (var same in outcomes.GroupBy(outcome => outcome.Id))
        {
            Assert.That(same.Count(outcome => outcome.Appended.Outcome == AppendOutcome.Stored), Is.EqualTo(1));
            Assert.That(same.Select(outcome => outcome.Appended.Sequence).Distinct().Count(), Is.EqualTo(1));
            Assert.That(same.All(outcome => outcome.Appended.Outcome == AppendOutcome.Stored || !outcome.Appended.Earlier.IsEmpty));
        }
    }

    // With another time, as when a client sends the same once more.
    private static LogEntry Again(LogEntry entry) => LogEntry.Create(
        entry.UserId, entry.Query, entry.Status, Some.Time.AddMinutes(5), Some.Hasher, entry.OccurredAt, entry.Attributes, entry.Id);

    private static LogEntry Entry(Guid id) => LogEntry.Create(
        Some.UserId(), Some.Query(), Some.Status(), Some.Time, Some.Hasher, id: LogId.Create(id.ToString()));
}

/// <summary>Calls of unknown outcome, whose entries may be sealed by the time they are repeated.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RepeatedAppendTests
{
    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task AppendAsync_AnswerIsLostAndTheEntriesAreSealedMeanwhile_StoresThemOnce(bool idsOfClients)
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), new StoreOptions { TimeoutMilliseconds = 10_000 });
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        await using var direct = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), new StoreOptions());
        await using var witness = await LogProcess.StartAsync(direct);
        proxy.DropReplies = true;

        var append = process.Logs.AppendAsync(
            [.. Some.Entries(300).Select(entry => new NewEntry(entry, idsOfClients))], WhenFull.Wait, default);
        await Eventually.BecomesTrueAsync(async () => (await witness.Logs.GetHeadAsync(default)).Next == 301);
        await witness.AppendAllAsync(Some.Entries(500));
        await new KeeperPart(direct, witness).SealAsync();
        proxy.GoDown();
        proxy.DropReplies = false;
        proxy.AcceptConnections();

        var appended = await append;
        Assert.That(appended.Select(entry => entry.Sequence), Is.EqualTo(Enumerable.Range(1, 300).Select(i => (long)i)));
        Assert.That(appended.Select(entry => entry.Outcome), Is.All.EqualTo(idsOfClients ? AppendOutcome.Known : AppendOutcome.Stored));
        Assert.That((await witness.Logs.GetHeadAsync(default)).Next, Is.EqualTo(801));
    }

    [Test]
    public async Task AppendAsync_PartIsStoredAndTheStoreGoesBeforeTheRest_SaysThatTheOutcomeIsUnknown()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(proxy.EndPoint), new StoreOptions { TimeoutMilliseconds = 1_000 });
        await using var process = await LogProcess.StartAsync(store);
        var known = Some.Entry();
        await process.AppendAllAsync(known);
        var fresh = Some.Entry();

        // The feed and the callers are told after the script's answer, so the store is away before the known record is read.
        process.Writer.Appended += (_, _) => server.KillAsync().GetAwaiter().GetResult();
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.AppendAllAsync(known, fresh));

        Assert.That(failure!.Reason, Is.EqualTo(StoreFailure.OutcomeUnknown));
    }
}
