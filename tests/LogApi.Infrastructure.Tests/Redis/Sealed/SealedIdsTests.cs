using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Verification;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

/// <summary>Ids whose sealed bundle was removed or changed in the store.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class SealedIdsTests(StoreKind kind)
{
    [TestCase("removed")]
    [TestCase("garbage")]
    [TestCase("cut off")]
    public async Task FindAsync_SealedBundleIsLost_KnowsItsIdsAndStoresNothingUnderThem(string damage)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);
        await new KeeperPart(store, process).SealAsync();
        await DamageAsync(process, bundle: 1, damage);
        var next = (await process.Logs.GetHeadAsync(default)).Next;
        var victims = log.Entries.Skip(256).Take(256).Select(kept => kept.Entry).ToList();

        var lookups = await log.FindAsync(process, Enumerable.Range(256, 256));
        var appended = await process.AppendAllAsync([.. victims.Select(victim => WithId(Some.Entry(), victim.Id))]);

        Assert.That(lookups.Select(lookup => lookup.State), Is.All.EqualTo(IdState.Stored));
        Assert.That(lookups.Select(lookup => lookup.Found.Stored.Record.IsEmpty), Is.All.True);
        var verdict = EntryVerification.Of(victims[9].Id, lookups[9].Found.Stored.Record.Span, lookups[9].Found.Side, Some.Hasher);
        Assert.That(verdict.Error, Does.EndWith("its record is gone from the store"));
        Assert.That(appended.Select(each => each.Outcome), Is.All.EqualTo(AppendOutcome.Known));
        Assert.That(appended.Select(each => each.Earlier.IsEmpty), Is.All.True);
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(next));
    }

    [TestCase("removed")]
    [TestCase("garbage")]
    public async Task FindAsync_AnotherBundleIsLost_FindsWhatIsThereAndKnowsWhatNeverWas(string damage)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);
        await new KeeperPart(store, process).SealAsync();
        await DamageAsync(process, bundle: 1, damage);
        var lostTime = new DateTimeOffset(log.Entries[300].Entry.Timestamp.Utc);

        var others = await log.FindAsync(process, Enumerable.Range(0, 1_024).Where(i => i / 256 != 1));
        var anew = await process.AppendAllAsync(WithId(Some.Entry(), LogId.NewAt(Some.Time.AddDays(1))), WithId(Some.Entry(), LogId.Create(Guid.NewGuid().ToString())));
        var ofTheService = await process.AppendAsync(WithId(Some.Entry(), LogId.NewAt(lostTime)));

        Assert.That(others.Select(lookup => lookup.Found.Stored.Record.IsEmpty), Is.All.False);
        Assert.That((await process.Logs.FindAsync(LogId.NewAt(Some.Time.AddDays(2)), default)).State, Is.EqualTo(IdState.NeverStored));
        Assert.That(anew.Select(each => each.Outcome), Is.All.EqualTo(AppendOutcome.Stored));
        Assert.That(ofTheService, Is.EqualTo(1_026));
    }

    [Test]
    public async Task FindAsync_DroppedBundles_AreNotTakenForLost()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);
        await new KeeperPart(store, process).SealAsync();
        await new KeeperPart(store, process, new() { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 500 }).DropAsync();

        var dropped = await log.FindAsync(process, Enumerable.Range(0, 256));
        var never = await process.Logs.FindAsync(LogId.NewAt(new DateTimeOffset(log.Entries[30].Entry.Timestamp.Utc)), default);

        Assert.That(dropped, Is.All.EqualTo(IdLookup.Dropped));
        Assert.That(never, Is.EqualTo(IdLookup.NeverStored));
    }

    private static LogEntry WithId(LogEntry entry, LogId id) => LogEntry.Create(
        entry.UserId, entry.Query, entry.Status, Some.Time.AddDays(3), Some.Hasher, entry.OccurredAt, entry.Attributes, id);

    private static async Task DamageAsync(LogProcess process, long bundle, string damage)
    {
        var (db, key) = (process.Connection.Database, process.Connection.Keys.Sealed(bundle));
        var blob = (byte[])(await db.StringGetAsync(key))!;
        if (damage == "removed") await db.KeyDeleteAsync(key);
        else await db.StringSetAsync(key, damage == "garbage" ? "garbage" : blob[..(blob.Length / 2)]);
    }
}

/// <summary>What looking for many ids costs.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SealedIdsCostTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task AppendAsync_ManyKnownIdsOfOneMillisecond_ReadsEachBundleOnce(bool locatable)
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(ConfigurationOptions.Parse(server.EndPoint), new StoreOptions { TimeoutMilliseconds = 10_000 });
        await using var process = await LogProcess.StartAsync(store);
        var entries = Enumerable.Range(0, 1_536).Select(_ => locatable ? Some.Entry() : WithRandomId()).ToList();
        foreach (var part in entries.Chunk(NewEntry.MaxPerCall)) await process.AppendAllAsync(part);
        await new KeeperPart(store, process).SealAsync();
        var before = await CountGetsAsync(process);

        var again = await process.AppendAllAsync(entries[768..1_280]);

        Assert.That(again.Select(each => each.Sequence), Is.EqualTo(Enumerable.Range(768, 512)));
        Assert.That(again.Select(each => each.Earlier.IsEmpty), Is.All.False);
        var gets = await CountGetsAsync(process) - before;

        // The times, and each of the bundles once.
        Assert.That(gets, Is.InRange(1, 7));
    }

    private static LogEntry WithRandomId() => LogEntry.Create(
        Some.UserId(), Some.Query(), Some.Status(), Some.Time, Some.Hasher, id: LogId.Create(Guid.NewGuid().ToString()));

    private static async Task<long> CountGetsAsync(LogProcess process)
    {
        var text = await process.Connection.Servers[0].InfoRawAsync("commandstats");
        const string Label = "cmdstat_get:calls=";
        var line = text!.Split('\n').FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[Label.Length..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }
}
