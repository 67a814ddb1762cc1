using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Keeping;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RedactorTests(StoreKind kind)
{
    private const string Query = "SELECT 'zyxwvutsrq-secret'";
    private const string User = "zyxwvutsrq-user";
    private const string Status = "ZYXWVUTSRQ";

    private static readonly KeeperOptions Keep500 = new() { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 500 };

    /// <summary>Where the entry's bundle is when it is redacted.</summary>
    public enum Place
    {
        Hot,
        Held,
        Sealed,
    }

    [Test]
    public async Task RedactAsync_Anywhere_LeavesNothingOfItAndKeepsTheLeaf([Values] Place place)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var (log, entry) = await StartAsync(process);
        await PlaceAsync(store, process, place);
        await reader.Logs.ReadRangeAsync(0, 300, default);
        await reader.Logs.FindNewestAsync(Some.UserId(User), 10, 0, default);
        var leaf = await LeafAsync(reader, 100);
        Assert.That(await StoreText.FindAsync(store, process, "zyxwvutsrq"), Is.Not.Empty);

        var record = await new KeeperPart(store, process).RedactAsync(entry);

        await AssertRedactedAsync(store, process, reader, log, record!, told: 1);
        Assert.That(await LeafAsync(reader, 100), Is.EqualTo(leaf));
        Assert.That(record!.Leaf.Id, Is.EqualTo(entry.Id));
        await new KeeperPart(store, process).SealAsync();
        await AssertRedactedAsync(store, process, reader, log, record, told: 1);
        Assert.That(await LeafAsync(reader, 100), Is.EqualTo(leaf));
    }

    [Test]
    public async Task RedactAsync_Again_AnswersTheSameAndTellsItOnce()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var (log, entry) = await StartAsync(process);

        var records = await Task.WhenAll(new[] { process, other, process, other }.Select(each => new KeeperPart(store, each).RedactAsync(entry)));

        Assert.That(records, Is.All.EqualTo(records[0]));
        await AssertRedactedAsync(store, process, other, log, records[0]!, told: 1);
        Assert.That(log.Entries[^1].Entry.Query.Value, Is.EqualTo($"Redacted entry 100, {entry.Id}: she \"asked\" for it"));
        Assert.That(log.Entries[^1].Entry.UserId, Is.EqualTo(ServiceUsers.Redaction));
        Assert.That(log.Entries[^1].Entry.Attributes.Pairs, Does.Contain(KeyValuePair.Create("by", "officer")));
        Assert.That((await process.Logs.GetHeadAsync(default)).Redactions, Is.EqualTo(1));
    }

    [Test]
    public async Task RedactAsync_ManyAtOnceByTwoProcesses_EachIsDoneOnce()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(700);
        await new KeeperPart(store, process).SealAsync();
        int[] chosen = [0, 1, 97, 255, 256, 300, 512, 699];

        var records = await Task.WhenAll(chosen.Select(async i =>
            (Place: i, Record: await new KeeperPart(store, i % 2 == 0 ? process : other).RedactAsync(log.Entries[i].Entry))));

        foreach (var (i, record) in records) log.NoteRedacted(i, record!);
        await log.FollowAsync();
        Assert.That(log.Entries, Has.Count.EqualTo(700 + chosen.Length));
        await log.AssertServedAsync(other);
        await log.AssertCountedAsync();
    }

    [Test]
    public async Task RedactAsync_ClientEndsBetweenAnyTwoCommands_TheNextFinishes([Values] Place place)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (commands, ended) = (0, true); ended; commands++)
        {
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await PlaceAsync(lone, process, place);
            ended = await EndsAsync(() => new KeeperPart(lone, process).RedactAsync(entry, FaultyDatabase.EndingAfter(process.Connection.Database, commands)));

            // The keeper of another process finishes what has begun; who asks again has it whatever was done.
            if (commands % 2 == 0) await new KeeperPart(lone, process).Redactor.FinishAsync(process.Connection.Database, default);
            if (commands % 3 == 0) await new KeeperPart(lone, process).SealAsync();
            var record = await new KeeperPart(lone, process).RedactAsync(entry);

            await AssertRedactedAsync(lone, process, process, log, record!, told: 1);
        }
    }

    [Test]
    public async Task RedactAsync_ScriptIsTornAtAnyWrite_TheNextFinishesWithTheRightCounts([Values] Place place)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (writes, torn) = (0, kind == StoreKind.Embedded); torn; writes++)
        {
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await PlaceAsync(lone, process, place);
            var scripts = new KeeperScripts();
            torn = await IsTornAsync(() => new KeeperPart(lone, process, scripts: scripts with { Redact = Torn.After(scripts.Redact, writes) }).RedactAsync(entry));

            // As a start after a crash does, before anything else.
            await process.AppendAsync(writes % 2 == 0 ? Some.Entry(User, "SELECT 1", Status) : Some.Entry("other"));
            await log.FollowAsync();

            var record = await new KeeperPart(lone, process).RedactAsync(entry);

            log.NoteRedacted(100, record!);
            await log.FollowAsync();
            await log.AssertServedAsync(process);
            await log.AssertCountedAsync();
            Assert.That(await StoreText.FindAsync(lone, process, Query), Is.Empty);
        }
    }

    [Test]
    public async Task RedactAsync_ClientSleepsAtAnyCommandWhileOthersSealAndRedact_DoesNoHarmWhenItWakesUp([Values] Place place)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            await using var other = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await PlaceAsync(lone, process, place);
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                await new KeeperPart(lone, other).RedactAsync(entry);
                log.NoteRedacted(5, (await new KeeperPart(lone, other).RedactAsync(log.Entries[5].Entry))!);
                await new KeeperPart(lone, other).SealAsync();
            });

            var record = await new KeeperPart(lone, process).RedactAsync(entry, sleepy);

            await AssertRedactedAsync(lone, process, other, log, record!, told: slept ? 2 : 1);
        }
    }

    [Test]
    public async Task SealAsync_ClientSleepsAtAnyCommandWhileAnotherRedacts_NeverBringsItBack()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            await using var other = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await log.AppendAsync(256);
            RedactedRecord? record = null;
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                record = await new KeeperPart(lone, other).RedactAsync(entry);
                if (commands % 2 == 0) await new KeeperPart(lone, other).SealAsync();
            });

            await new KeeperPart(lone, process).SealAsync(sleepy);

            record ??= await new KeeperPart(lone, other).RedactAsync(entry);
            await AssertRedactedAsync(lone, process, other, log, record!, told: 1);
            Assert.That((await process.Sealed.Heads.ReadAsync(default(CancellationToken))).Sealed, Is.EqualTo(256));
        }
    }

    [Test]
    public async Task SealAsync_ClientSleepsAndEndsWhileAnotherRedacts_TheNextLeavesNothingOfIt()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (commands, ended) = (0, true); ended; commands++)
        {
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await log.AppendAsync(256);
            ended = await EndsAsync(() => new KeeperPart(lone, process).SealAsync(FaultyDatabase.EndingAfter(process.Connection.Database, commands)));

            var record = await new KeeperPart(lone, process).RedactAsync(entry);
            await new KeeperPart(lone, process).SealAsync();

            await AssertRedactedAsync(lone, process, process, log, record!, told: 1);
        }
    }

    [Test]
    public async Task RedactAsync_AfterTornUnload_LeavesNothingOfIt()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (writes, torn) = (0, true); torn; writes++)
        {
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await log.AppendAsync(256);
            var scripts = new KeeperScripts();
            torn = await IsTornAsync(() => new KeeperPart(lone, process, scripts: scripts with { Unload = Torn.After(scripts.Unload, writes) }).SealAsync());

            var record = await new KeeperPart(lone, process).RedactAsync(entry);
            await new KeeperPart(lone, process).SealAsync();

            await AssertRedactedAsync(lone, process, process, log, record!, told: 1);
        }
    }

    [Test]
    public async Task RedactAsync_BundleThatIsSplit_LeavesNoPartOfBefore()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store, partLength: SealerTests.PartLength);
        var entries = await SealerTests.AppendNoiseAsync(process, SealerTests.PartLength);
        await new KeeperPart(store, process).SealAsync();
        var keeper = new KeeperPart(store, process);
        var ended = true;
        for (var (i, commands) = (0, 0); ended; i++, commands++)
        {
            var before = await PartsAsync(store);
            ended = await EndsAsync(() => new KeeperPart(store, process).RedactAsync(entries[i], FaultyDatabase.EndingAfter(process.Connection.Database, commands)));

            await keeper.RedactAsync(entries[i]);

            var after = await PartsAsync(store);
            var mark = (byte[])(await process.Sealed.Store.ReadStoredAsync(process.Connection.Database, 0))!;
            Assert.That(after, Has.Length.EqualTo(mark[1]), $"{commands} commands");
            Assert.That(after.Intersect(before), Is.Empty);
            Assert.That(await process.Connection.Database.SetMembersAsync(process.Connection.Keys.Parts(0)), Is.EqualTo(new RedisValue[] { mark }));
            Assert.That((await process.Logs.FindAsync(entries[255].Id, default)).Found.Stored.Record.ToArray(), Is.EqualTo(EntryRecord.Encode(entries[255])));
        }

        Assert.That(await StoreText.FindAsync(store, process, entries[0].Query.Value[..64]), Is.Empty);
        await process.Sealed.Store.DeleteAsync(process.Connection.Database, 0);
        Assert.That(await PartsAsync(store), Is.Empty);
        Assert.That(await process.Connection.Database.KeyExistsAsync(process.Connection.Keys.Parts(0)), Is.False);
    }

    [Test]
    public async Task DropAsync_SomeAreRedacted_CountsAreRight()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_400);
        var keeper = new KeeperPart(store, process, Keep500);
        foreach (var i in new[] { 3, 97, 178 }) log.NoteRedacted(i, (await keeper.RedactAsync(log.Entries[i].Entry))!);
        await keeper.SealAsync();
        foreach (var i in new[] { 4, 194, 267, 900 }) log.NoteRedacted(i, (await keeper.RedactAsync(log.Entries[i].Entry))!);
        await log.FollowAsync();
        await log.AssertServedAsync(process);
        await log.AssertCountedAsync();

        await keeper.DropAsync();

        await log.FollowAsync();
        await log.AssertServedAsync(process, first: 768);
        await log.AssertCountedAsync(first: 768);
        Assert.That((await process.Logs.FindAsync(log.Entries[97].Entry.Id, default)).State, Is.EqualTo(IdState.Dropped));
    }

    [Test]
    public async Task DropAsync_SleepsAtAnyCommandWhileAnotherRedacts_CountsAreRight()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await using var lone = await store.BranchAsync();
            await using var process = await LogProcess.StartAsync(lone);
            await using var other = await LogProcess.StartAsync(lone);
            var (log, entry) = await StartAsync(process);
            await log.AppendAsync(600);
            await new KeeperPart(lone, process).SealAsync();
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                await new KeeperPart(lone, other).RedactAsync(entry);
                log.NoteRedacted(860, (await new KeeperPart(lone, other).RedactAsync(log.Entries[860].Entry))!);
            });

            await new KeeperPart(lone, process, Keep500).DropAsync(sleepy);

            await log.FollowAsync();
            Assert.That((await process.Logs.GetHeadAsync(default)).First, Is.EqualTo(256));
            await log.AssertServedAsync(other, first: 256);
            await log.AssertCountedAsync(first: 256);
            Assert.That(await StoreText.FindAsync(lone, process, "zyxwvutsrq"), Is.Empty);
        }
    }

    [Test]
    public async Task RedactAsync_IsHeardByEveryProcess_AndFoundWhenTheMessageIsLost()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var (log, entry) = await StartAsync(process);
        var observers = new[] { new RecordingObserver(), new RecordingObserver() };
        using var first = process.Feed.Subscribe(observers[0]);
        using var second = other.Feed.Subscribe(observers[1]);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(
            other.Connection.IsSubscribed(other.Connection.Keys.Redacted) && process.Connection.IsSubscribed(process.Connection.Keys.Redacted)));

        await new KeeperPart(store, process).RedactAsync(entry);

        foreach (var observer in observers) await Eventually.BecomesTrueAsync(() => Task.FromResult(observer.Redacted.Contains(100)));
        await process.Connection.Database.HashIncrementAsync(process.Connection.Keys.Head, "redactions");
        var end = (await process.Logs.GetHeadAsync(default)).Next;
        foreach (var observer in observers) await Eventually.BecomesTrueAsync(() => Task.FromResult(observer.Redacted.Contains(end - 1)));
        Assert.That(log.Entries, Has.Count.EqualTo(end - 1));
    }

    [Test]
    public async Task RedactAsync_InTheTreeOrNotYet_KeepsTheLeafAndEveryProof()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var part = new TreePart(store, process, folder, new IntegratorOptions { IntervalMilliseconds = 0 });
        var keeper = new KeeperPart(store, process);
        var log = new KeptLog(process);
        await log.AppendAsync(600);
        await keeper.SealAsync();
        await part.PublishAsync();
        var first = part.Log.Latest!.Checkpoint;
        var proof = await TileProof.OfInclusionAsync(part.Log, 100, first.Size, default);
        await log.AppendAsync(300);
        int[] chosen = [100, 599, 600, 850];
        var leaves = (await part.Log.ReadLeavesAsync(0, 900, default)).ToList();

        foreach (var i in chosen) log.NoteRedacted(i, (await keeper.RedactAsync(log.Entries[i].Entry))!);
        await part.PublishAsync();
        await keeper.SealAsync();
        await part.PublishAsync();

        Assert.That(part.Log.Refusal, Is.Null);
        var last = part.Log.Latest!.Checkpoint;
        Assert.That(last.Size, Is.EqualTo(904));
        Assert.That(await part.Log.ReadLeavesAsync(0, 900, default), Is.EqualTo(leaves));
        Assert.That(TreeProof.IsIncluded(100, first.Size, TreeHash.OfLeaf(leaves[100]!.Encode()), [.. proof], first.Root));
        foreach (var i in chosen)
        {
            var inclusion = await TileProof.OfInclusionAsync(part.Log, i, last.Size, default);
            Assert.That(TreeProof.IsIncluded(i, last.Size, TreeHash.OfLeaf(leaves[i]!.Encode()), [.. inclusion], last.Root), $"{i}");
        }
    }

    [Test]
    public async Task StartAsync_RedactionWasCutOff_IsFinishedBeforeAnythingElseStarts()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var (log, entry) = await StartAsync(process);
        Assert.That(await EndsAsync(() => new KeeperPart(store, process).RedactAsync(entry, FaultyDatabase.EndingAfter(process.Connection.Database, 8))));
        Assert.That(await process.Connection.Database.HashExistsAsync(process.Connection.Keys.Head, "redacting"));
        using var keeper = new KeeperPart(store, process).Keeper;

        await keeper.StartAsync(default);

        var found = (await process.Logs.FindAsync(entry.Id, default)).Found.Stored.Record;
        Assert.That(RedactedRecord.TryDecode(found.Span, out var record));
        await keeper.StopAsync(default);
        await AssertRedactedAsync(store, process, process, log, record!, told: 1);
    }

    [Test]
    public async Task FinishAsync_NoteThatSomebodyChanged_IsLetGoOf()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var (log, entry) = await StartAsync(process);
        await process.Connection.Database.HashSetAsync(process.Connection.Keys.Head, "redacting", "{\"Epoch\":1}");

        var record = await new KeeperPart(store, process).RedactAsync(entry);

        await AssertRedactedAsync(store, process, process, log, record!, told: 1);
    }

    // 356 entries, of which number 100 is the only one of its user and status.
    private static async Task<(KeptLog Log, LogEntry Entry)> StartAsync(LogProcess process)
    {
        var log = new KeptLog(process);
        await log.AppendAsync(100);
        var entry = Some.Entry(User, Query, Status, Some.Time.AddMinutes(1));
        await process.AppendAsync(entry);
        await log.FollowAsync();
        await log.AppendAsync(255);
        return (log, entry);
    }

    private static async Task PlaceAsync(StoreFixture store, LogProcess process, Place place)
    {
        if (place == Place.Hot) return;
        await Task.WhenAll(Some.Entries(256, "filler").Select(process.AppendAsync));
        if (place == Place.Sealed)
        {
            await new KeeperPart(store, process).SealAsync();
            return;
        }

        // Sealed, and hot until the hold is over.
        var sealer = new KeeperPart(store, process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 600_000 }).Sealer;
        while (await sealer.StepAsync(process.Connection.Database, await process.Sealed.Heads.ReadAsync(default(CancellationToken)), default))
        {
            // As the loop of the keeper would.
        }

        Assert.That(process.Sealed.Heads.Last.Sealed, Is.Zero);
        Assert.That(await process.Connection.Database.KeyExistsAsync(process.Connection.Keys.Sealed(0)));
    }

    private static async Task AssertRedactedAsync(
        StoreFixture store, LogProcess process, LogProcess reader, KeptLog log, RedactedRecord record, int told)
    {
        log.NoteRedacted(100, record);
        await log.FollowAsync();
        Assert.That(log.Entries.Count(each => each.Entry.Status == Redaction.Status), Is.EqualTo(told));
        await log.AssertServedAsync(reader);
        await log.AssertCountedAsync();
        Assert.That(await StoreText.FindAsync(store, process, "zyxwvutsrq"), Is.Empty);
        Assert.That(await StoreText.FindAsync(store, process, Status), Has.All.EndsWith("}:head"), "a status that nobody has any more");
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        Assert.That(await db.HashExistsAsync(keys.Head, "redacting"), Is.False);
    }

    private static async Task<TreeHash> LeafAsync(LogProcess process, int sequence)
    {
        var source = new LeafSource(process.Connection, process.Sealed.Bundles);
        var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
        var read = await source.ReadAsync(new BundleRun(bundle, place, place, Descending: false), default);
        Assert.That(new EntryCheck(Some.Hasher).Judge(read, place, out var leaf), Is.Null);
        return leaf;
    }

    private static async Task<RedisKey[]> PartsAsync(StoreFixture store) =>
        await store.Connection.Servers[0].KeysAsync(pattern: store.Options.KeyPrefix + "sealed:0:*").ToArrayAsync();

    private static async Task<bool> EndsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (ClientEndedException)
        {
            return true;
        }
    }

    private static async Task<bool> IsTornAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (RedisServerException fault) when (fault.Message.Contains(Torn.Message, StringComparison.Ordinal))
        {
            return true;
        }
    }
}
