using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class IntegratorTests(StoreKind kind)
{
    // A checkpoint at each step: the time between two of them is another test's.
    private static readonly IntegratorOptions AtOnce = new() { IntervalMilliseconds = 0 };

    [Test]
    public async Task StepAsync_EntriesHotAndSealed_PublishesTheTreeOverAllOfThem()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var part = new TreePart(store, process, folder, AtOnce);
        var line = await PublishedLine.WatchAsync(store);
        var log = new KeptLog(process);
        foreach (var count in new[] { 1, 1, 253, 1, 1, 511, 1_300 })
        {
            await log.AppendAsync(count);
            if (log.Entries.Count > 600) await new KeeperPart(store, process).SealAsync();
            await part.PublishAsync();
            await line.AssertIsOneAsync(part, process);
        }

        Assert.That(line.Notes, Has.Count.EqualTo(7));
        Assert.That(part.Log.Latest!.Checkpoint.Size, Is.EqualTo(log.Entries.Count));
        Assert.That((await part.Log.ReadLatestAsync(default))!.Checkpoint, Is.EqualTo(part.Log.Latest.Checkpoint));
        Assert.That(part.Log.Refusal, Is.Null);
        var proof = await TileProof.OfInclusionAsync(part.Log, 700, log.Entries.Count, default);
        var leaf = (await part.Log.ReadLeavesAsync(700, 1, default))[0]!;
        Assert.That(TreeProof.IsIncluded(
            700, log.Entries.Count, TreeHash.OfLeaf(leaf.Encode()), [.. proof], part.Log.Latest.Checkpoint.Root));
    }

    [Test]
    public async Task StepAsync_MoreThanOneStepTakes_CatchesUpInSeveral()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var part = new TreePart(store, process, folder);
        var line = await PublishedLine.WatchAsync(store);
        await new KeptLog(process).AppendAsync(17_000);

        Assert.That(await part.Integrator.StepAsync(process.Connection.Database, default), Is.EqualTo(TimeSpan.Zero));
        await part.PublishAsync();

        await line.AssertIsOneAsync(part, process);
        Assert.That((await part.Tree.ReadAsync(process.Connection.Database)).Size, Is.EqualTo(17_000));
    }

    [Test]
    public async Task StepAsync_NothingNew_SignsNothing()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var part = new TreePart(store, process, folder, AtOnce);
        var db = process.Connection.Database;

        await part.Integrator.StepAsync(db, default);
        Assert.That(await db.KeyExistsAsync(process.Connection.Keys.Tree), Is.False);
        await new KeptLog(process).AppendAsync(3);
        await part.PublishAsync();
        var time = (await part.Tree.ReadAsync(db)).SignedAt;
        for (var i = 0; i < 3; i++) await part.Integrator.StepAsync(db, default);

        Assert.That((await part.Tree.ReadAsync(db)).SignedAt, Is.EqualTo(time));
    }

    [Test]
    public async Task StepAsync_WithinTheInterval_WaitsForItsEnd()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        var time = new FakeTimeProvider();
        using var part = new TreePart(store, process, folder, time: time);
        var (db, log) = (process.Connection.Database, new KeptLog(process));
        await log.AppendAsync(1);
        await part.Integrator.StepAsync(db, default);
        await log.AppendAsync(1);

        time.Advance(TimeSpan.FromMilliseconds(900));
        await part.Integrator.StepAsync(db, default);
        var early = (await part.Tree.ReadAsync(db)).Size;
        time.Advance(TimeSpan.FromMilliseconds(100));
        await part.Integrator.StepAsync(db, default);

        Assert.That(early, Is.EqualTo(1));
        Assert.That((await part.Tree.ReadAsync(db)).Size, Is.EqualTo(2));
    }

    [Test]
    public async Task StepAsync_AnotherHasTheLease_LeavesItToIt()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var part = new TreePart(store, process, folder, AtOnce);
        using var other = new TreePart(store, process, folder, AtOnce);
        var db = process.Connection.Database;
        await new KeptLog(process).AppendAsync(3);
        await db.StringSetAsync(process.Connection.Keys.Integrator, "another");

        await part.Integrator.StepAsync(db, default);

        Assert.That(await db.KeyExistsAsync(process.Connection.Keys.Tree), Is.False);
    }

    [Test]
    public async Task StepAsync_ClientEndsBetweenAnyTwoCommands_TheNextGoesOn([Values] bool keepsItsFiles)
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        var line = await PublishedLine.WatchAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(200);
        for (var (commands, ended) = (0, true); ended; commands++)
        {
            await log.AppendAsync(130);
            using (var dying = new TreePart(store, process, folder, AtOnce))
                ended = await EndsAsync(() => dying.PublishAsync(FaultyDatabase.EndingAfter(process.Connection.Database, commands)));
            await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Integrator);
            line.Look();
            using var otherFolder = new TempDirectory();
            using var next = new TreePart(store, process, keepsItsFiles ? folder : otherFolder, AtOnce);
            if (commands % 2 == 0) await next.PublishAsync();
            Assert.That(next.Guard.Refusal, Is.Null);
            await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Integrator);
        }

        using var last = new TreePart(store, process, folder, AtOnce);
        await last.PublishAsync();
        await line.AssertIsOneAsync(last, process);
        Assert.That((await last.Tree.ReadAsync(process.Connection.Database)).Size, Is.EqualTo(log.Entries.Count));
    }

    [Test]
    public async Task StepAsync_AnyReplyIsLost_GoesOnByItself()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        var line = await PublishedLine.WatchAsync(store);
        var log = new KeptLog(process);
        using var part = new TreePart(store, process, folder, AtOnce);
        for (var (commands, lost) = (0, true); lost; commands++)
        {
            await log.AppendAsync(130);
            lost = await EndsAsync(() => part.PublishAsync(FaultyDatabase.LosingReplyAfter(process.Connection.Database, commands)));
            line.Look();
            await log.AppendAsync(10);
            if (commands % 2 == 0) await part.PublishAsync();
            Assert.That(part.Guard.Refusal, Is.Null);
        }

        await part.PublishAsync();
        await line.AssertIsOneAsync(part, process);
        Assert.That((await part.Tree.ReadAsync(process.Connection.Database)).Size, Is.EqualTo(log.Entries.Count));
    }

    [Test]
    public async Task StepAsync_ScriptIsTornAtAnyWrite_TheNextGoesOn()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        var line = await PublishedLine.WatchAsync(store);
        var log = new KeptLog(process);
        var scripts = new TreeScripts();
        for (var (writes, torn) = (0, true); torn; writes++)
        {
            // With a full tile to be moved, and one that is new.
            await log.AppendAsync(256);
            using (var whole = new TreePart(store, process, folder, AtOnce)) await whole.PublishAsync();
            await log.AppendAsync(300);
            await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Integrator);
            using var part = new TreePart(
                store, process, folder, AtOnce, scripts with { Publish = Torn.After(scripts.Publish, writes) });
            torn = await EndsAsync(() => part.PublishAsync());
            line.Look();
            await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Integrator);
        }

        using var last = new TreePart(store, process, folder, AtOnce);
        await last.PublishAsync();
        await line.AssertIsOneAsync(last, process);
        Assert.That((await last.Tree.ReadAsync(process.Connection.Database)).Size, Is.EqualTo(log.Entries.Count));
    }

    [Test]
    public async Task StepAsync_LeaderSleepsAtAnyCommandWhileAnotherGoesOn_DoesNoHarmWhenItWakesUp()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var awake = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var otherFolder = new TempDirectory();
        var line = await PublishedLine.WatchAsync(store);
        var log = new KeptLog(process);
        using var sleeper = new TreePart(store, process, folder, AtOnce);
        using var other = new TreePart(store, awake, otherFolder, AtOnce);
        for (var (commands, slept) = (0, true); slept; commands++)
        {
            slept = false;
            await log.AppendAsync(140);
            var sleepy = FaultyDatabase.PausingAfter(process.Connection.Database, commands, async () =>
            {
                slept = true;
                var (db, lease) = (awake.Connection.Database, awake.Connection.Keys.Integrator);
                await db.KeyDeleteAsync(lease);
                await other.PublishAsync();
                await log.AppendAsync(140);
                await other.PublishAsync();
                await db.KeyDeleteAsync(lease);
            });
            await sleeper.PublishAsync(sleepy);
            await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Integrator);
            Assert.That(sleeper.Guard.Refusal, Is.Null);
            Assert.That(other.Guard.Refusal, Is.Null);
        }

        await line.AssertIsOneAsync(other, process);
        Assert.That((await other.Tree.ReadAsync(process.Connection.Database)).Size, Is.EqualTo(log.Entries.Count));
    }

    [Test]
    public async Task StepAsync_SeveralWithoutALeaseAtOnceWhileEntriesCome_PublishOneLine()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var writer = await LogProcess.StartAsync(store);
        var line = await PublishedLine.WatchAsync(store);
        var log = new KeptLog(writer);
        var done = false;
        var integrators = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await using var process = await LogProcess.StartAsync(store);
            using var folder = new TempDirectory();
            using var part = new TreePart(store, process, folder, AtOnce);
            while (!Volatile.Read(ref done))
            {
                await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Integrator);
                await part.Integrator.StepAsync(process.Connection.Database, default);
                Assert.That(part.Guard.Refusal, Is.Null);
            }
        })).ToList();

        for (var i = 0; i < 40; i++) await log.AppendAsync(97);
        Volatile.Write(ref done, true);
        await Task.WhenAll(integrators);

        using var lastFolder = new TempDirectory();
        using var last = new TreePart(store, writer, lastFolder, AtOnce);
        await writer.Connection.Database.KeyDeleteAsync(writer.Connection.Keys.Integrator);
        await last.PublishAsync();
        await line.AssertIsOneAsync(last, writer);
        Assert.That(line.Notes, Has.Count.GreaterThan(3));
    }

    [Test]
    public async Task StartAsync_EntriesAreAppended_PublishesByItselfAndGivesTheLeaseBack()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        using var folder = new TempDirectory();
        using var part = new TreePart(store, process, folder);
        await part.Guard.StartAsync(default);
        await part.Integrator.StartAsync(default);

        await new KeptLog(process).AppendAsync(5);

        await Eventually.BecomesTrueAsync(() => part.Guard.Latest?.Checkpoint.Size == 5);
        await part.Integrator.StopAsync(default);
        await part.Guard.StopAsync(default);
        Assert.That(await process.Connection.Database.KeyExistsAsync(process.Connection.Keys.Integrator), Is.False);
    }

    private static async Task<bool> EndsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (Exception end) when (end is ClientEndedException or TimeoutException
            || end is RedisServerException torn && torn.Message.Contains(Torn.Message, StringComparison.Ordinal))
        {
            return true;
        }
    }
}
