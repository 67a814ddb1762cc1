using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Audit;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
internal sealed class AuditorTests(StoreKind kind)
{
    [Test]
    public async Task StepAsync_LogThatWasLeftAlone_FindsNothing()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_500);
        await new KeeperPart(store, process).SealAsync();
        var audit = new AuditPart(process);
        await audit.PublishAsync(1_400);
        await log.AppendAsync(300);

        var report = await audit.AuditAsync();

        AssertIntact(report);
        Assert.That(report.EntriesChecked, Is.EqualTo(1_400));
        Assert.That(report.IsIntact, Is.True);
        Assert.That(report.Percent, Is.EqualTo(100));
    }

    [Test]
    public async Task StepAsync_LogOfWhichRetentionHasDropped_FindsNothing()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(2_000);
        var keeper = new KeeperPart(store, process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 900 });
        await keeper.SealAsync();
        var audit = new AuditPart(process);
        await audit.PublishAsync();
        await keeper.DropAsync();

        var report = await audit.AuditAsync();

        AssertIntact(report);
        Assert.That(report.EntriesChecked, Is.EqualTo(2_000 - 1_024));
    }

    [Test]
    public async Task StepAsync_RedactionAndAnEntryThatOnlyLooksLikeOne_FindsNothing()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(300);
        await process.AppendAllAsync(
        [
            LogEntry.Create(
                Some.UserId("mallory"), QueryText.Create("Redacted entry 7"), Redaction.Status, Some.Time, Some.Hasher,
                attributes: LogAttributes.Create([KeyValuePair.Create("entry_seq", (string?)"7")])),
        ]);
        await new KeeperPart(store, process).RedactAsync(log.Entries[9].Entry);
        var audit = new AuditPart(process);
        await audit.PublishAsync();

        AssertIntact(await audit.AuditAsync());
    }

    [Test]
    public async Task StepAsync_EntriesComeAreSealedAndDroppedMeanwhile_FindsNothing()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(3_000);
        var audit = new AuditPart(other);
        await audit.PublishAsync();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await process.AppendAllAsync(Some.Entries(50, "ada"));
        });
        var keeping = Task.Run(async () =>
        {
            var keeper = new KeeperPart(store, process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 2_500 });
            while (!stop.IsCancellationRequested)
            {
                await keeper.SealAsync();
                var db = process.Connection.Database;
                await keeper.Retention.StepAsync(db, await process.Sealed.Heads.ReadAsync(db), default);
            }
        });

        for (var i = 0; i < 4; i++) AssertIntact(await audit.AuditAsync());

        await stop.CancelAsync();
        await Task.WhenAll(writing, keeping);
    }

    private static void AssertIntact(AuditReport report)
    {
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.State, Is.EqualTo(AuditState.Completed));
        Assert.That(report.Unchecked, Is.Empty);
    }
}
