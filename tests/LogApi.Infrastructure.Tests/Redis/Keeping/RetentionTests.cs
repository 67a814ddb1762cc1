using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Keeping;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RetentionTests(StoreKind kind)
{
    private static readonly KeeperOptions Keep500 = new() { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 500 };

    [Test]
    public async Task StepAsync_MoreEntriesThanAreKept_DropsTheOldestBundlesAndTellsIt()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_400);
        await new KeeperPart(store, process).SealAsync();
        await log.AssertServedAsync(other);

        await new KeeperPart(store, process, Keep500).DropAsync();

        await log.FollowAsync();
        Assert.That(log.Entries, Has.Count.EqualTo(1_401));
        var told = log.Entries[^1].Entry;
        Assert.That(told.UserId, Is.EqualTo(ServiceUsers.Retention));
        Assert.That(told.Query.Value, Is.EqualTo("Dropped 768 entries, 0 to 767: more than 500 entries"));
        await log.AssertServedAsync(process, first: 768);
        await log.AssertServedAsync(other, first: 768);
        Assert.That((await other.Logs.GetHeadAsync(default)).First, Is.EqualTo(768));
        Assert.That((await other.Logs.FindNewestAsync(userId: null, 2_000, 0, default)).Sequences, Has.Count.EqualTo(1_401 - 768));
    }

    [Test]
    public async Task StepAsync_Dropped_LeavesNoKeyAndNoCountOfIt()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry("gone", status: "RARE"));
        var log = Some.Entries(1_100, "kept");
        await Task.WhenAll(log.Select(process.AppendAsync));
        await new KeeperPart(store, process).SealAsync();

        await new KeeperPart(store, process, Keep500).DropAsync();

        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        Assert.That(await db.KeyExistsAsync(keys.UserChunks("gone")), Is.False);
        Assert.That(await db.KeyExistsAsync(keys.UserBundles("gone", 0)), Is.False);
        Assert.That(await db.KeyExistsAsync(keys.Sealed(0)), Is.False);
        Assert.That(await db.KeyExistsAsync(keys.Sealed(2)), Is.True);
        Assert.That(await db.SortedSetScoreAsync(keys.Users, "gone"), Is.Null);
        Assert.That(await db.SortedSetScoreAsync(keys.Users, "kept"), Is.EqualTo(1_101 - 512));
        Assert.That((long)await db.HashGetAsync(keys.Head, "entries"), Is.EqualTo(1_102 - 512));
        Assert.That((long)await db.HashGetAsync(keys.Head, "s:RARE"), Is.Zero);
        Assert.That((long)await db.HashGetAsync(keys.Head, "s:SUCCESS"), Is.EqualTo(1_101 - 512));
        var kept = (await process.Logs.ReadRangeAsync(512, 1_000, default)).Records;
        Assert.That((long)await db.HashGetAsync(keys.Head, "bytes"), Is.EqualTo(kept.Sum(record => record.Record.Length)));
        Assert.That(await db.HashExistsAsync(keys.Head, "dropping"), Is.False);
    }

    [Test]
    public async Task StepAsync_EntriesOlderThanTheDaysKept_AreDropped()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        for (var day = 0; day < 4; day++)
        {
            foreach (var part in Enumerable.Range(0, 256).Select(i => Some.Entry(time: Some.Time.AddDays(day).AddSeconds(i))).Chunk(64))
                await Task.WhenAll(part.Select(process.AppendAsync));
        }

        await new KeeperPart(store, process).SealAsync();
        var time = new FakeTimeProvider(Some.Time.AddDays(10));
        var options = new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0, RetentionDays = 10 };

        await new KeeperPart(store, process, options, time: time).DropAsync();
        Assert.That((await process.Logs.GetHeadAsync(default)).First, Is.Zero, "its newest entry is not old enough");
        time.Advance(TimeSpan.FromMinutes(5));
        await new KeeperPart(store, process, options, time: time).DropAsync();
        Assert.That((await process.Logs.GetHeadAsync(default)).First, Is.EqualTo(256));
        time.Advance(TimeSpan.FromDays(100));
        await new KeeperPart(store, process, options, time: time).DropAsync();
        Assert.That((await process.Logs.GetHeadAsync(default)).First, Is.EqualTo(768), "what is hot is not dropped");
    }

    [Test]
    public async Task StepAsync_ClientEndsBetweenAnyTwoCommands_TheNextFinishesAndTellsOnce()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);

        for (var (commands, ended) = (0, true); ended; commands++)
        {
            await log.AppendAsync(256);
            await new KeeperPart(store, process).SealAsync();
            ended = await EndsAsync(new KeeperPart(store, process, Keep500), process.Connection.Database, commands);
            await AssertConsistentAsync(reader, log);
            if (commands % 2 == 0) await new KeeperPart(store, process, Keep500).DropAsync();
            await log.FollowAsync();
        }

        await AssertFinishedAsync(store, process, reader, log);
    }

    [Test]
    public async Task StepAsync_ScriptIsTornAtAnyWrite_TheNextFinishesWithTheRightCounts()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);

        for (var (writes, torn) = (0, kind == StoreKind.Embedded); torn; writes++)
        {
            await log.AppendAsync(256);
            await new KeeperPart(store, process).SealAsync();
            var scripts = new KeeperScripts();
            torn = await IsTornAsync(new KeeperPart(store, process, Keep500, scripts with { Drop = Torn.After(scripts.Drop, writes) }));
            if (writes % 3 == 0) await log.FollowAsync();
            if (writes % 3 == 0) await log.AppendAsync(1);
            if (writes % 2 == 0) await new KeeperPart(store, process, Keep500).DropAsync();
            await log.FollowAsync();
        }

        await AssertFinishedAsync(store, process, reader, log);
    }

    [Test]
    public async Task StepAsync_ClientSleepsAtAnyCommandWhileAnotherGoesOn_DoesNoHarmWhenItWakesUp()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);

        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await log.AppendAsync(256);
            await new KeeperPart(store, process).SealAsync();
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                await new KeeperPart(store, process, Keep500).DropAsync();
                await log.FollowAsync();
                await log.AppendAsync(256);
                await new KeeperPart(store, process).SealAsync();
                await new KeeperPart(store, process, Keep500).DropAsync();
            });
            await new KeeperPart(store, process, Keep500).DropAsync(sleepy);
            await log.FollowAsync();
        }

        await AssertFinishedAsync(store, process, reader, log);
    }

    [Test]
    public async Task StepAsync_ClientSleepsWhileItSealsAndAnotherDrops_LeavesNothingOfTheDroppedWhenItWakesUp()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(600);

        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await log.AppendAsync(256);
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                await log.AppendAsync(1_024);
                await new KeeperPart(store, process).SealAsync();
                await new KeeperPart(store, process, Keep500).DropAsync();
                await log.FollowAsync();
            });
            await new KeeperPart(store, process).SealAsync(sleepy);
        }

        await AssertFinishedAsync(store, process, reader, log);
    }

    private static async Task<bool> EndsAsync(KeeperPart keeper, IDatabase database, int commands)
    {
        try
        {
            await keeper.DropAsync(FaultyDatabase.EndingAfter(database, commands));
            return false;
        }
        catch (ClientEndedException)
        {
            return true;
        }
    }

    private static async Task<bool> IsTornAsync(KeeperPart keeper)
    {
        try
        {
            await keeper.DropAsync();
            return false;
        }
        catch (RedisServerException fault) when (fault.Message.Contains(Torn.Message, StringComparison.Ordinal))
        {
            return true;
        }
    }

    /// <summary>In the middle of a run an id answers as stored or dropped, as its entry is, and never as unknown.</summary>
    private static async Task AssertConsistentAsync(LogProcess reader, KeptLog log)
    {
        await log.FollowAsync();
        var first = (int)(await reader.Logs.GetHeadAsync(default)).First;
        var chosen = Enumerable.Range(0, log.Entries.Count).Where(i => i % 7 == log.Entries.Count % 7).ToArray();
        var lookups = await log.FindAsync(reader, chosen);
        for (var at = 0; at < chosen.Length; at++)
        {
            var isKept = lookups[at].State == IdState.Stored && lookups[at].Found.Stored.Record.Span.SequenceEqual(log.Entries[chosen[at]].Record);
            Assert.That(isKept || (lookups[at].State == IdState.Dropped && chosen[at] < first + (16 * 256)), $"{chosen[at]} of {first}");
            if (chosen[at] >= first + 1024) Assert.That(isKept, $"{chosen[at]} of {first}");
        }
    }

    private static async Task AssertFinishedAsync(StoreFixture store, LogProcess process, LogProcess reader, KeptLog log)
    {
        await new KeeperPart(store, process).SealAsync();
        await new KeeperPart(store, process, Keep500).DropAsync();
        await log.FollowAsync();
        var first = (int)(await reader.Logs.GetHeadAsync(default)).First;
        Assert.That(first, Is.InRange(log.Entries.Count - 500 - 512, log.Entries.Count - 500));
        await log.AssertServedAsync(reader, first: first);

        // Each drop is told once, one after the other.
        var told = log.Entries.Where(each => each.Entry.UserId == ServiceUsers.Retention)
            .Select(each => each.Entry.Attributes.Pairs.Take(2).Select(pair => long.Parse(pair.Value, null)).ToArray()).ToList();
        Assert.That(told.Select(range => range[0]).ToArray(), Is.EqualTo(told.Select(range => range[1] + 1).SkipLast(1).Prepend(0).ToArray()));
        Assert.That(told[^1][1], Is.EqualTo(first - 1));

        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        var kept = log.Entries.Skip(first).ToList();
        Assert.That((long)await db.HashGetAsync(keys.Head, "entries"), Is.EqualTo(kept.Count));
        Assert.That((long)await db.HashGetAsync(keys.Head, "bytes"), Is.EqualTo(kept.Sum(each => (long)each.Record.Length)));
        foreach (var status in kept.GroupBy(each => each.Entry.Status.Value))
            Assert.That((long)await db.HashGetAsync(keys.Head, "s:" + status.Key), Is.EqualTo(status.Count()), status.Key);
        var counts = (await db.SortedSetRangeByRankWithScoresAsync(keys.Users)).ToDictionary(row => (string)row.Element!, row => (int)row.Score);
        Assert.That(counts, Is.EquivalentTo(kept.GroupBy(each => each.Entry.UserId.Value).ToDictionary(each => each.Key, each => each.Count())));
        for (var bundle = 0; bundle < first / 256; bundle++) Assert.That(await db.KeyExistsAsync(keys.Sealed(bundle)), Is.False);
    }
}
