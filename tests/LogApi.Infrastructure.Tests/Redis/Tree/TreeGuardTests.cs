using LogApi.Application.Common.Errors;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Signing;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class TreeGuardTests(StoreKind kind)
{
    private static readonly IntegratorOptions AtOnce = new() { IntervalMilliseconds = 0 };

    [Test]
    public async Task CheckAsync_OlderCopyIsRestored_RefusesForAllAndSaysWhy()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var copy = await StoreCopy.TakeAsync(log.Process.Connection);
        await log.GrowAsync(100);

        await copy.RestoreAsync();
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("300 entries").And.Contains("400").And.Contains("older copy"));
        Assert.That((await log.ReadAsync()).Refused, Is.EqualTo(log.Part.Guard.Refusal));
        using var strangersFolder = new TempDirectory();
        using var stranger = new TreePart(log.Store, log.Process, strangersFolder, AtOnce);
        await stranger.Guard.CheckAsync(log.Process.Connection.Database, default);
        Assert.That(stranger.Guard.Refusal, Is.EqualTo(log.Part.Guard.Refusal), "who never saw it refuses, too");
        await log.Part.Integrator.StepAsync(log.Process.Connection.Database, default);
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(300), "nothing is signed");
    }

    [Test]
    public async Task CheckAsync_OlderCopyHasGrownPastTheSignedEnd_Refuses()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var copy = await StoreCopy.TakeAsync(log.Process.Connection);
        await log.GrowAsync(100);
        await copy.RestoreAsync();

        // A process that knows of nothing goes on; the numbers are given to other entries.
        using var strangersFolder = new TempDirectory();
        using var stranger = new TreePart(log.Store, log.Process, strangersFolder, AtOnce);
        foreach (var part in Some.Entries(300).Chunk(100)) await log.Process.AppendAllAsync(part);
        await log.FreeLeaseAsync();
        await stranger.PublishAsync();
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("over 600 entries does not continue").And.Contains("400"));
    }

    [Test]
    public async Task CheckAsync_StoreIsFlushed_Refuses([Values] bool hasNewEntries)
    {
        await using var log = await SignedLog.StartAsync(kind, 300);

        await StoreCopy.FlushAsync(log.Process.Connection);
        if (hasNewEntries) await log.Process.AppendAsync(Some.Entry());
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("no tree").And.Contains("300"));
        await log.RestartAsync();
        await log.CheckAsync();
        Assert.That(log.Part.Guard.Refusal, Does.Contain("no tree"), "also after a restart");
    }

    [Test]
    public async Task CheckAsync_LogLostItsEndBehindTheTree_Refuses()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);

        await log.Process.Connection.Database.HashSetAsync(log.Process.Connection.Keys.Head, "next", 290);
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("ends at 290").And.Contains("300 are signed"));
    }

    [Test]
    public async Task CheckAsync_NumberingStartedAnew_Refuses()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);

        await log.Process.Connection.Database.HashSetAsync(log.Process.Connection.Keys.Head, "epoch", "another");
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("numbering"));
    }

    [TestCase("p0", "right edge")]
    [TestCase("p1", "right edge")]
    [TestCase("note", "checkpoint")]
    [TestCase("root", "right edge")]
    [TestCase("size", "right edge")]
    public async Task CheckAsync_FieldWasEdited_Refuses(string field, string word)
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var (db, key) = (log.Process.Connection.Database, log.Process.Connection.Keys.Tree);
        var bytes = (byte[])(await db.HashGetAsync(key, field))!;
        bytes[bytes.Length / 2] ^= 1;

        await db.HashSetAsync(key, field, bytes);
        await log.RestartAsync();
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain(word));
    }

    [Test]
    public async Task CheckAsync_TilesWereRewrittenWithoutTheKey_Refuses()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        using var strangersFolder = new TempDirectory();
        var key = CheckpointSigner.Generate(log.Part.Signer.Key.Name);
        using var forger = new TreePart(log.Store, log.Process, strangersFolder, AtOnce, key: key);
        await log.Process.Connection.Database.KeyDeleteAsync(log.Process.Connection.Keys.Tree);
        await log.FreeLeaseAsync();
        await forger.PublishAsync();

        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("not signed with this process's key"));
        Assert.That((await log.ReadAsync()).Refused, Is.Empty, "it may be this process that has the wrong key");
    }

    [Test]
    public async Task CheckAsync_StoreOfAnotherLog_RefusesByItselfOnly()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        using var strangersFolder = new TempDirectory();
        using var stranger = new TreePart(
            log.Store, log.Process, strangersFolder, AtOnce, key: CheckpointSigner.Generate("logs.example.org/other"));

        await stranger.Guard.CheckAsync(log.Process.Connection.Database, default);
        await log.CheckAsync();

        Assert.That(stranger.Guard.Refusal, Does.Contain("is named logs.example.org/audit"));
        Assert.That(log.Part.Guard.Refusal, Is.Null);
    }

    [Test]
    public async Task CheckAsync_SignedEndIsNotPublishedAndGone_Refuses()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var copy = await StoreCopy.TakeAsync(log.Process.Connection);
        await log.Log.AppendAsync(50);
        using (var dying = new TreePart(log.Store, log.Process, log.Folder, AtOnce, new TreeScripts { Publish = "error('TORN')" }))
        {
            await log.StopAsync();
            Assert.That(() => dying.PublishAsync(), Throws.Exception);
        }

        await copy.RestoreAsync();
        await log.RestartAsync();
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("ends at 300").And.Contains("350 are signed"));
    }

    [Test]
    public async Task StepAsync_SignedEndIsNotPublishedAndOthersHaveItsNumbers_Refuses()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var copy = await StoreCopy.TakeAsync(log.Process.Connection);
        await log.Log.AppendAsync(50);
        using (var dying = new TreePart(log.Store, log.Process, log.Folder, AtOnce, new TreeScripts { Publish = "error('TORN')" }))
        {
            await log.StopAsync();
            Assert.That(() => dying.PublishAsync(), Throws.Exception);
        }

        await copy.RestoreAsync();
        await log.Process.AppendAllAsync(Some.Entries(60));
        await log.RestartAsync();
        await log.Part.PublishAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("300 to 349 are not those that were signed"));
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(300));
    }

    [Test]
    public async Task StepAsync_EntryWasEditedBeforeItWasSigned_RefusesAndNamesIt()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        await log.Log.AppendAsync(20);
        var (db, key) = (log.Process.Connection.Database, log.Process.Connection.Keys.Entries(1));
        var record = (string)(await db.ListGetByIndexAsync(key, 310 - 256))!;
        await db.ListSetByIndexAsync(key, 310 - 256, record.Replace("SELECT", "DELETE", StringComparison.Ordinal));

        await log.Part.PublishAsync();

        Assert.That(log.Part.Guard.Refusal, Does.Contain("Entry 310").And.Contains("hash mismatch"));
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(300));
        await log.RestartAsync();
        await log.Part.PublishAsync();
        Assert.That(log.Part.Guard.Refusal, Does.Contain("Entry 310"), "also after a restart");
        await log.CheckAsync();
        Assert.That(log.Part.Guard.Refusal, Does.Contain("Entry 310"), "the tree is right, but the entry is not");

        await db.ListSetByIndexAsync(key, 310 - 256, record);
        await log.CheckAsync();
        await log.Part.PublishAsync();
        Assert.That(log.Part.Guard.Refusal, Is.Null);
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(320));
    }

    [Test]
    public async Task StepAsync_SecretIsAnother_RefusesByItselfAndTheOthersGoOn()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        await log.Log.AppendAsync(20);
        await log.FreeLeaseAsync();
        await using var process = await LogProcess.StartAsync(log.Store);
        using var folder = new TempDirectory();
        using var stranger = new TreePart(
            log.Store, process, folder, AtOnce, hasher: new EntryHasher("not the secret of the others, 32 bytes"u8.ToArray()));
        await stranger.PublishAsync();
        Assert.That(stranger.Guard.Refusal, Does.Contain("Entry 300").And.Contains("JWT_SECRET_KEY"));
        var retention = new RetentionPlan(process.Connection, stranger.Tree, new KeeperOptions(), TimeProvider.System);
        Assert.That(await retention.MustKeepAsync(process.Connection.Database), Is.True);

        await stranger.Integrator.StepAsync(process.Connection.Database, default);
        await log.CheckAsync();
        await log.Part.PublishAsync();
        await stranger.Guard.CheckAsync(process.Connection.Database, default);

        Assert.That(log.Part.Guard.Refusal, Is.Null);
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(320));
        Assert.That(stranger.Guard.Refusal, Does.Contain("Entry 300"), "its secret is still another");
    }

    [Test]
    public async Task ReadLatestAsync_RestartedWhileRefused_IsWhatWasSignedBefore()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var note = log.Part.Log.Latest!.Note.ToString();
        await StoreCopy.FlushAsync(log.Process.Connection);
        await log.RestartAsync();
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Is.Not.Null);
        Assert.That((await log.Part.Log.ReadLatestAsync(default))?.Note.ToString(), Is.EqualTo(note));
    }

    [Test]
    public async Task CheckAsync_StoreIsRightAgain_GoesOn()
    {
        await using var log = await SignedLog.StartAsync(kind, 300);
        var older = await StoreCopy.TakeAsync(log.Process.Connection);
        await log.GrowAsync(100);
        var whole = await StoreCopy.TakeAsync(log.Process.Connection);
        var changes = 0;
        log.Part.Guard.RefusalChanged += () => changes++;

        await older.RestoreAsync();
        await log.CheckAsync();
        var refused = log.Part.Guard.Refusal;
        await whole.RestoreAsync();
        await log.CheckAsync();
        await log.GrowAsync(10);

        Assert.That(refused, Is.Not.Null);
        Assert.That(log.Part.Guard.Refusal, Is.Null);
        Assert.That(changes, Is.EqualTo(2));
        Assert.That((await log.ReadAsync()).Size, Is.EqualTo(410));
    }

    [Test]
    public async Task AppendAsync_WhileNothingIsSigned_IsRefusedUnlessTheSettingSaysOtherwise([Values] bool accepts)
    {
        await using var log = await SignedLog.StartAsync(kind, 10, new IntegratorOptions { IntervalMilliseconds = 0, AcceptUnsigned = accepts });
        await log.Process.Connection.Database.HashSetAsync(log.Process.Connection.Keys.Tree, "refused", "It was noted.");

        await log.CheckAsync();

        if (accepts)
        {
            Assert.That(await log.Process.AppendAsync(Some.Entry()), Is.EqualTo(10));
            return;
        }

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => log.Process.AppendAsync(Some.Entry()));
        Assert.That((refusal!.Reason, refusal.Detail), Is.EqualTo((StoreFailure.IntegrityLost, "It was noted.")));
    }

    [Test]
    public async Task CheckAsync_OwnFileIsNoCheckpoint_RefusesByItselfOnly()
    {
        await using var log = await SignedLog.StartAsync(kind, 10);
        await log.StopAsync();
        foreach (var (file, _, _) in CheckpointFiles.Read(log.Folder.Path, Some.VerifierKey.Split('+')[0])) await File.WriteAllTextAsync(file, "damaged");

        await log.RestartAsync();
        await log.CheckAsync();

        Assert.That(log.Part.Guard.Refusal, Does.StartWith("DATA_DIR: ").And.Contains("checkpoints"));
        Assert.That((await log.ReadAsync()).Refused, Is.Empty);
    }
}
