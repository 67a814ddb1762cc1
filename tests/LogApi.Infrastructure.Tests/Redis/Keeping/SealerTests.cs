using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Keeping;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class SealerTests(StoreKind kind)
{
    /// <summary>How long a sealed bundle may be in tests that split many: long ones take a second each to compress.</summary>
    internal const int PartLength = 64 * 1024;

    [Test]
    public async Task StepAsync_CompleteBundles_AreServedAsBeforeAndLeaveTheHotPart()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_400);

        await new KeeperPart(store, process).SealAsync();

        await log.AssertServedAsync(process);
        await log.AssertServedAsync(other);
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        Assert.That((long)await db.HashGetAsync(keys.Head, "sealed"), Is.EqualTo(1024));
        Assert.That(await db.HashLengthAsync(keys.Ids), Is.EqualTo(1_400 - 1024));
        for (var bundle = 0; bundle < 6; bundle++)
        {
            Assert.That(await db.KeyExistsAsync(keys.Entries(bundle)), Is.EqualTo(bundle >= 4));
            Assert.That(await db.KeyExistsAsync(keys.Sealed(bundle)), Is.EqualTo(bundle < 4));
        }

        foreach (var user in log.Entries.GroupBy(kept => kept.Entry.UserId))
        {
            Assert.That(await db.ListRangeAsync(keys.User(user.Key.Value)),
                Has.All.Matches<RedisValue>(row => (long)row >= 1024), user.Key.Value);
        }
    }

    [Test]
    public async Task StepAsync_UserWithoutHotEntries_LeavesNoKeyOfTheUserInTheHotPart()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry("once"));
        await Task.WhenAll(Some.Entries(511, "often").Select(process.AppendAsync));

        await new KeeperPart(store, process).SealAsync();

        Assert.That(await process.Connection.Database.KeyExistsAsync(process.Connection.Keys.User("once")), Is.False);
        Assert.That((await process.Logs.FindNewestAsync(Some.UserId("once"), 10, 0, default)).Sequences, Is.EqualTo(new long[] { 0 }));
    }

    [Test]
    public async Task StepAsync_ClientEndsBetweenAnyTwoCommands_LosesNothingAndTheNextGoesOn()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(300);

        for (var (commands, ended) = (0, true); ended; commands++)
        {
            var from = log.Entries.Count - 300;
            await log.AppendAsync(256);
            ended = await EndsAsync(new KeeperPart(store, process), process.Connection.Database, commands);
            await log.AssertServedAsync(reader, from);
            if (commands % 2 == 0) await new KeeperPart(store, process).SealAsync();
        }

        await new KeeperPart(store, process).SealAsync();
        await log.AssertServedAsync(reader);
        await AssertHotPartIsBoundedAsync(process, log);
    }

    [Test]
    public async Task StepAsync_ScriptIsTornAtAnyWrite_LosesNothingAndTheNextGoesOn()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(300);

        for (var (writes, torn) = (0, true); torn; writes++)
        {
            await log.AppendAsync(256);
            var scripts = new KeeperScripts();
            torn = await IsTornAsync(new KeeperPart(store, process, scripts: scripts with { Unload = Torn.After(scripts.Unload, writes) }));
            await log.AssertServedAsync(reader, log.Entries.Count - 556);
            if (writes % 2 == 0) await new KeeperPart(store, process).SealAsync();
        }

        await new KeeperPart(store, process).SealAsync();
        await log.AssertServedAsync(reader);
        await AssertHotPartIsBoundedAsync(process, log);
    }

    [Test]
    public async Task StepAsync_ClientSleepsAtAnyCommandWhileAnotherGoesOn_DoesNoHarmWhenItWakesUp()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(300);

        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await log.AppendAsync(256);
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                await new KeeperPart(store, process).SealAsync();
                await log.AppendAsync(256);
                await new KeeperPart(store, process).SealAsync();
            });
            await new KeeperPart(store, process).SealAsync(sleepy);
            await log.AssertServedAsync(reader, Math.Max(0, log.Entries.Count - 800));
        }

        await log.AssertServedAsync(reader);
        await AssertHotPartIsBoundedAsync(process, log);
    }

    [Test]
    public async Task StepAsync_TwoAtOnceWhileEntriesComeAndAreRead_NeverShowAGap()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var second = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(256);
        using var stop = new CancellationTokenSource();

        var keepers = new[] { process, second }.Select(each => Task.Run(async () =>
        {
            var keeper = new KeeperPart(store, each);
            while (!stop.IsCancellationRequested) await keeper.SealAsync();
        })).ToArray();
        var reading = Task.Run(async () =>
        {
            var random = new Random(1);
            while (!stop.IsCancellationRequested)
            {
                var end = (int)(await reader.Logs.GetHeadAsync(default)).Next;
                var from = random.Next(end);
                var records = (await reader.Logs.ReadRangeAsync(from, Math.Min(300, end - from), default)).Records;
                Assert.That(records.Where(record => record.Record.IsEmpty), Is.Empty);
                EntryRecord.TryDecode(records[0].Record.Span, out var entry, out _);
                Assert.That((await reader.Logs.FindAsync(entry!.Id, default)).Found.Stored.Sequence, Is.EqualTo(from));
                var page = await reader.Logs.FindNewestAsync(entry.UserId, 20_000, 0, default);
                Assert.That(page.Sequences, Does.Contain((long)from));
                Assert.That(page.Sequences, Is.Ordered.Descending);
            }
        });
        for (var i = 0; i < 20; i++) await log.AppendAsync(300);
        await stop.CancelAsync();
        await Task.WhenAll([.. keepers, reading]);

        await new KeeperPart(store, process).SealAsync();
        await log.AssertServedAsync(reader);
        await AssertHotPartIsBoundedAsync(process, log);
    }

    [Test]
    public async Task StepAsync_RecordsWereChangedOrRemoved_KeepsWhatIsLeftAndTheirIds()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        await db.ListSetByIndexAsync(keys.Entries(0), 7, "rubbish");
        await db.ListSetByIndexAsync(keys.Entries(0), 8, log.Entries[300].Record);
        await db.KeyDeleteAsync(keys.Entries(1));
        await db.ListTrimAsync(keys.Entries(2), 0, 9);

        await new KeeperPart(store, process).SealAsync();

        var lookups = await log.FindAsync(process, Enumerable.Range(0, 768));
        Assert.That(lookups.Select(lookup => lookup.State), Is.All.EqualTo(IdState.Stored));
        Assert.That(lookups.Select(lookup => lookup.Found.Stored.Sequence), Is.EqualTo(Enumerable.Range(0, 768)));
        Assert.That(lookups.Select((lookup, i) => lookup.Found.Side.Span[..IdTag.Size].SequenceEqual(Some.Tag(log.Entries[i].Entry))), Is.All.True);
        Assert.That(lookups[7].Found.Stored.Record.ToArray(), Is.EqualTo("rubbish"u8.ToArray()));
        Assert.That(lookups[8].Found.Stored.Record.ToArray(), Is.EqualTo(log.Entries[300].Record));
        Assert.That(lookups[256].Found.Stored.Record.IsEmpty);
        Assert.That(lookups[512].Found.Stored.Record.IsEmpty, Is.False);
        Assert.That(lookups[700].Found.Stored.Record.IsEmpty);
    }

    [Test]
    public async Task StepAsync_SealedBundleOfAnEarlierLifeOfTheStore_IsReplaced()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        var lost = new KeptLog(process);
        await lost.AppendAsync(512);
        await new KeeperPart(store, process).SealAsync();
        var users = lost.Entries.Select(kept => keys.User(kept.Entry.UserId.Value)).Distinct();
        await db.KeyDeleteAsync([keys.Head, keys.Ids, keys.Users, keys.Entries(1), keys.Entries(2), .. users]);
        var log = new KeptLog(process);
        await log.AppendAsync(512);

        await new KeeperPart(store, process).SealAsync();

        await log.AssertServedAsync(process);
    }

    [Test]
    public async Task StepAsync_BundleThatIsLargerThanAValueMayBe_IsSplitAndServed()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var entries = await AppendNoiseAsync(process, StoreOptions.BulkReplyBytes);

        await new KeeperPart(store, process).SealAsync();

        var db = process.Connection.Database;
        Assert.That(await db.StringLengthAsync(process.Connection.Keys.Sealed(0)), Is.EqualTo(18), "the mark of one that is split");
        var found = await process.Logs.FindAsync(entries[200].Id, default);
        Assert.That(found.Found.Stored.Record.Span.SequenceEqual(EntryRecord.Encode(entries[200])));
        Assert.That(await PartsAsync(store), Is.Not.Empty);
        await process.Sealed.Store.DeleteAsync(db, 0);
        Assert.That(await PartsAsync(store), Is.Empty);
    }

    [Test]
    public async Task StepAsync_ClientSleepsBetweenEntriesAndIdsWhileAnotherSealsTheSplitBundle_LeavesIt()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store, partLength: PartLength);
        var entries = await AppendNoiseAsync(process, PartLength);
        RedisKey[] parts = [];

        // The head, its count of redactions, the bundle's list and its sealed key come before.
        var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, 4, async () =>
        {
            await new KeeperPart(store, process).SealAsync();
            parts = await PartsAsync(store);
        });
        await new KeeperPart(store, process).SealAsync(sleepy);

        Assert.That(parts, Is.Not.Empty);
        Assert.That(await PartsAsync(store), Is.EquivalentTo(parts));
        var found = (await process.Logs.FindAsync(entries[200].Id, default)).Found;
        Assert.That(found.Stored.Record.Span.SequenceEqual(EntryRecord.Encode(entries[200])));
        Assert.That(found.Side.Span[..IdTag.Size].SequenceEqual(Some.Tag(entries[200])), "the tag of its id");
    }

    [Test]
    public async Task TryWriteAsync_AnotherHasWrittenABundleThatIsSplit_ReplacesItWholeOrNotAtAll()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var (db, sealedStore, replace) = (process.Connection.Database, process.Sealed.Store, new KeeperScripts().Replace);
        var blob = new byte[process.Sealed.Store.PartLength + 1];

        var first = await sealedStore.TryWriteAsync(db, 0, RedisValue.Null, blob, replace);
        var parts = await PartsAsync(store);
        var late = await sealedStore.TryWriteAsync(db, 0, RedisValue.Null, blob, replace);
        var lateParts = await PartsAsync(store);
        var anew = await sealedStore.TryWriteAsync(db, 0, await sealedStore.ReadStoredAsync(db, 0), blob, replace);

        Assert.That((first, late, anew), Is.EqualTo((true, false, true)));
        Assert.That(parts, Has.Length.EqualTo(2));
        Assert.That(lateParts, Is.EquivalentTo(parts));
        var anewParts = await PartsAsync(store);
        Assert.That(anewParts, Has.Length.EqualTo(2));
        Assert.That(anewParts.Intersect(parts), Is.Empty);
    }

    [Test]
    public async Task StepAsync_HoldIsNotOver_LeavesTheHotBundle()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await new KeptLog(process).AppendAsync(600);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var sealer = new KeeperPart(store, process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 500 }, time: time).Sealer;
        var (db, heads) = (process.Connection.Database, process.Sealed.Heads);

        while (await sealer.StepAsync(db, await heads.ReadAsync(db), default)) Assert.That(heads.Last.Sealed, Is.Zero);
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.That(await sealer.StepAsync(db, await heads.ReadAsync(db), default), Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await sealer.StepAsync(db, await heads.ReadAsync(db), default);

        Assert.That((await heads.ReadAsync(db)).Sealed, Is.EqualTo(256));
    }

    /// <summary>Writes two bundles, of which the first is more than twice as long as a given length when it is sealed.</summary>
    internal static async Task<List<LogEntry>> AppendNoiseAsync(LogProcess process, int length)
    {
        var random = new Random(1);
        var entries = Enumerable.Range(0, 256).Select(_ =>
        {
            var noise = new byte[length * 11 / (5 * 256)];
            random.NextBytes(noise);
            return Some.Entry("ada", Convert.ToBase64String(noise));
        }).ToList();
        foreach (var entry in entries) await process.AppendAsync(entry);
        await Task.WhenAll(Some.Entries(256).Select(process.AppendAsync));
        return entries;
    }

    private static async Task<RedisKey[]> PartsAsync(StoreFixture store) =>
        await store.Connection.Servers[0].KeysAsync(pattern: store.Options.KeyPrefix + "sealed:0:*").ToArrayAsync();

    private static async Task<bool> EndsAsync(KeeperPart keeper, IDatabase database, int commands)
    {
        try
        {
            await keeper.SealAsync(FaultyDatabase.EndingAfter(database, commands));
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
            await keeper.SealAsync();
            return false;
        }
        catch (RedisServerException fault) when (fault.Message.Contains(Torn.Message, StringComparison.Ordinal))
        {
            return true;
        }
    }

    private static async Task AssertHotPartIsBoundedAsync(LogProcess process, KeptLog log)
    {
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        var start = ((log.Entries.Count / 256) - 1) * 256;
        Assert.That((long)await db.HashGetAsync(keys.Head, "sealed"), Is.EqualTo(start));
        Assert.That(await db.HashLengthAsync(keys.Ids), Is.EqualTo(log.Entries.Count - start));
        for (var bundle = 0; bundle < start / 256; bundle++) Assert.That(await db.KeyExistsAsync(keys.Entries(bundle)), Is.False);
        foreach (var user in log.Entries.Select(kept => kept.Entry.UserId.Value).Distinct())
            Assert.That(await db.ListRangeAsync(keys.User(user)), Has.All.Matches<RedisValue>(row => (long)row >= start), user);
    }
}
