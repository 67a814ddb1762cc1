using System.Globalization;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Signing;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class TreeRestartTests(StoreKind kind)
{
    private static readonly string NewKey = CheckpointSigner.Generate("logs.example.org/audit-2");

    [Test]
    public async Task RunAsync_OlderCopyWasRestored_GoesOnUnderTheNewNameAndTellsIt()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var copy = await StoreCopy.TakeAsync(log.Process.Connection);
        await log.GrowAsync(100);
        await copy.RestoreAsync();
        await log.CheckAsync();
        var problem = log.Part.Guard.Refusal;

        var restarted = await RestartAsync(log);

        Assert.That(restarted, Is.EqualTo(new RestartedLog(
            "logs.example.org/audit-2", "logs.example.org/audit", 400, problem!, 300, restarted.EntryId)));
        var line = await PublishedLine.WatchAsync(log.Store);
        await GoOnAsync(log);
        await line.AssertIsOneAsync(log.Part, log.Process);
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(351));
        var told = await ReadAsync(log, 300);
        Assert.That(told.UserId, Is.EqualTo(ServiceUsers.Operator));
        Assert.That(told.Status.Value, Is.EqualTo("NEW_LOG"));
        Assert.That(told.Query.Value, Does.Contain("audit-2").And.Contains("400 signed entries").And.EndsWith("Reason: the disk broke"));
        var attributes = told.Attributes.Pairs.ToDictionary();
        Assert.That(attributes["problem"], Is.EqualTo(problem));
        Assert.That(attributes["previous_size"], Is.EqualTo("400"));
        Assert.That(attributes["previous_root"], Has.Length.EqualTo(44));
    }

    [Test]
    public async Task RunAsync_OlderTreeThanWasSigned_TellsTheSignedEndAndTheStores()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var copy = await StoreCopy.TakeAsync(log.Process.Connection);
        var older = await log.ReadAsync();
        await log.GrowAsync(100);
        var root = (await log.ReadAsync()).RootText;
        await copy.RestoreAsync();
        await log.CheckAsync();

        var restarted = await RestartAsync(log);

        Assert.That(restarted.PreviousSize, Is.EqualTo(400));
        var told = await ReadAsync(log, 300);
        Assert.That(told.Query.Value, Does.Contain("400 signed entries").And.Contains("not checked").And.Contains("over 300 entries"));
        var attributes = told.Attributes.Pairs.ToDictionary();
        Assert.That((attributes["previous_size"], attributes["previous_root"]), Is.EqualTo(("400", root)));
        Assert.That((attributes["store_size"], attributes["store_root"]), Is.EqualTo(("300", older.RootText)));
    }

    [Test]
    public async Task RunAsync_StoreWasFlushed_TellsWhatThisMachineKnows()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        await StoreCopy.FlushAsync(log.Process.Connection);
        await log.CheckAsync();

        var restarted = await RestartAsync(log);

        Assert.That(restarted.PreviousOrigin, Is.EqualTo("logs.example.org/audit"));
        Assert.That(restarted.PreviousSize, Is.EqualTo(300));
        Assert.That(restarted.Sequence, Is.Zero);
        var line = await PublishedLine.WatchAsync(log.Store);
        await GoOnAsync(log);
        await line.AssertIsOneAsync(log.Part, log.Process);
    }

    [Test]
    public async Task RunAsync_TreeIsNoTreeAnyMore_GoesOn()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        await log.Process.Connection.Database.KeyDeleteAsync(log.Process.Connection.Keys.Tree);
        await log.Process.Connection.Database.StringSetAsync(log.Process.Connection.Keys.Tree, "nothing");
        await log.CheckAsync();
        Assert.That(log.Part.Guard.Refusal, Does.Contain("replaced"));

        Assert.That((await RestartAsync(log)).PreviousSize, Is.EqualTo(300));
        await GoOnAsync(log);
    }

    [Test]
    public async Task RunAsync_EntriesWereChangedAndRemoved_PutsWhatTheFormerTreeHadInTheirPlaces([Values] bool isSealed)
    {
        await using var log = await SignedLog.StartAsync(kind, 700);
        var leaves = new List<TreeHash>();
        foreach (var leaf in await log.Part.Log.ReadLeavesAsync(0, 700, default)) leaves.Add(TreeHash.OfLeaf(leaf!.Encode()));
        var (db, keys) = (log.Process.Connection.Database, log.Process.Connection.Keys);
        var lost = new Dictionary<long, TreeHash>();

        // One in a full tile, a bundle whole, all of the newest bundle, and one that was never signed.
        await log.Log.AppendAsync(20);
        if (isSealed) await new KeeperPart(log.Store, log.Process).SealAsync();
        await DamageAsync(db, keys, 710);
        lost[710] = Lost(710);
        if (isSealed)
        {
            await db.KeyDeleteAsync(keys.Sealed(0));
            for (var i = 0; i < 256; i++) lost[i] = leaves[i];
        }
        else
        {
            await DamageAsync(db, keys, 100);
            lost[100] = leaves[100];
            await db.KeyDeleteAsync(keys.Entries(2));
            for (var i = 512; i < 720; i++) lost[i] = i < 700 ? leaves[i] : Lost(i);
        }

        await log.Part.PublishAsync();
        Assert.That(log.Part.Guard.Refusal, Does.Contain(isSealed ? "Entry 710" : "Entry 700"));

        var restarted = await RestartAsync(log);

        Assert.That(restarted.Sequence, Is.EqualTo(720));
        var line = await PublishedLine.WatchAsync(log.Store);
        await GoOnAsync(log);
        await line.AssertIsOneAsync(log.Part, log.Process, lost);
    }

    [Test]
    public async Task RunAsync_SecondTimeBeforeTheTreeWasBuilt_FindsWhatTheFirstTreeHad()
    {
        await using var log = await SignedLog.StartAsync(kind, 600);
        var leaf = TreeHash.OfLeaf((await log.Part.Log.ReadLeavesAsync(100, 1, default))[0]!.Encode());
        await DamageAsync(log.Process.Connection.Database, log.Process.Connection.Keys, 100);
        await RestartAsync(log, CheckpointSigner.Generate("logs.example.org/audit-1"));

        await RestartAsync(log);

        var line = await PublishedLine.WatchAsync(log.Store);
        await GoOnAsync(log);
        await line.AssertIsOneAsync(log.Part, log.Process, new Dictionary<long, TreeHash> { [100] = leaf });
        Assert.That((await log.ReadAsync()).FormerOrigins, Is.EqualTo(new[] { "logs.example.org/audit-1", "logs.example.org/audit" }));
    }

    [Test]
    public async Task RunAsync_ClientEndsBetweenAnyTwoCommands_CanBeDoneAgainAndTellsOnce()
    {
        for (var (commands, ended) = (0, true); ended; commands++)
        {
            await using var log = await SignedLog.StartAsync(kind, 300);
            await log.StopAsync();
            await log.RestartAsync(NewKey);
            try
            {
                await Restart(log).RunAsync(FaultyDatabase.EndingAfter(log.Process.Connection.Database, commands), "the disk broke", default);
                ended = false;
            }
            catch (ClientEndedException)
            {
                await Restart(log).RunAsync(log.Process.Connection.Database, "the disk broke", default);
            }

            await GoOnAsync(log);
            Assert.That((await log.ReadAsync()).Size, Is.EqualTo(351), $"{commands}");
        }
    }

    [Test]
    public async Task RunAsync_NameIsTheStoresLogs_IsRefused()
    {
        await using var log = await SignedLog.StartAsync(kind, 3);

        Assert.That(() => RestartAsync(log, Some.SigningKey), Throws.TypeOf<StartRefusedException>().With.Message.Contains("already"));
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(3));
    }

    [Test]
    public async Task RefuseUsedName_CheckpointOfItIsKept_IsRefused()
    {
        await using var log = await SignedLog.StartAsync(kind, 3);

        Assert.That(Restart(log).RefuseUsedName, Throws.TypeOf<StartRefusedException>().With.Message.Contains("checkpoint of a log named"));
    }

    [Test]
    public async Task PublishAsync_FormerLeaderWakesUp_PublishesNothing()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        await log.Log.AppendAsync(10);
        using var otherFolder = new TempDirectory();
        await using var asleep = await LogProcess.StartAsync(log.Store);
        using var sleeper = new TreePart(log.Store, asleep, otherFolder, new IntegratorOptions { IntervalMilliseconds = 0 });
        var state = await sleeper.Guard.CheckAsync(log.Process.Connection.Database, default);
        Assert.That(TreeEdge.TryCreate(state!.Size, state.Partials, out var edge));
        edge!.Append(TreeHash.Empty, (_, _) => { });

        await RestartAsync(log);

        Assert.That(await sleeper.Guard.PublishAsync(
            log.Process.Connection.Database, state, state.Epoch, edge, [], [], default), Is.Null);
        Assert.That(await sleeper.Guard.CheckAsync(log.Process.Connection.Database, default), Is.Null);
        Assert.That(sleeper.Guard.Refusal, Does.Contain("is named logs.example.org/audit-2"));
        Assert.That((await log.ReadAsync()).Refused, Is.Empty);
        await GoOnAsync(log);
    }

    private static async Task<RestartedLog> RestartAsync(SignedLog log, string? key = null)
    {
        await log.RestartAsync(key ?? NewKey);
        var restart = Restart(log);
        await restart.RefillAsync(log.Process.Connection.Database);
        return await restart.RunAsync(log.Process.Connection.Database, "the disk broke", default);
    }

    private static TreeRestart Restart(SignedLog log) => new(
        log.Process.Connection, log.Store.Durability, log.Process.Logs, log.Part.Tree, log.Part.Signer, Some.Hasher,
        new StoreOptions { DataDirectory = log.Folder.Path }, TimeProvider.System);

    private static async Task GoOnAsync(SignedLog log)
    {
        await log.Process.AppendAllAsync(Some.Entries(50));
        await log.FreeLeaseAsync();
        await log.Part.PublishAsync();
        Assert.That(log.Part.Guard.Refusal, Is.Null);
        Assert.That(log.Part.Guard.Latest!.Checkpoint.Origin, Is.EqualTo("logs.example.org/audit-2"));
    }

    private static async Task<LogEntry> ReadAsync(SignedLog log, long sequence)
    {
        var record = (await log.Process.Logs.ReadAsync([sequence], default))[0].Record;
        Assert.That(EntryRecord.TryDecode(record.Span, out var entry, out var problem), problem);
        return entry!;
    }

    private static TreeHash Lost(long sequence) =>
        TreeHash.OfLeaf(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"logapi/v1/lost\n{sequence}\n")));

    private static async Task DamageAsync(IDatabase db, RedisKeys keys, long sequence)
    {
        var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
        var record = (string)(await db.ListGetByIndexAsync(keys.Entries(bundle), place))!;
        await db.ListSetByIndexAsync(keys.Entries(bundle), place, record.Replace("SELECT", "DELETE", StringComparison.Ordinal));
    }
}
