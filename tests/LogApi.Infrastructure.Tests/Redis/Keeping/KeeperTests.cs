using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Keeping;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class KeeperTests(StoreKind kind)
{
    [Test]
    public async Task StartAsync_CompleteBundles_AreSealedByItself()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_000);
        using var keeper = new KeeperPart(store, process).Keeper;

        await keeper.StartAsync(default);

        await Eventually.BecomesTrueAsync(async () => (await process.Sealed.Heads.ReadAsync(default(CancellationToken))).Sealed == 512);
        await keeper.StopAsync(default);
        await log.AssertServedAsync(process);
        Assert.That(await process.Connection.Database.KeyExistsAsync(process.Connection.Keys.Keeper), Is.False, "the lease is given back");
    }

    [Test]
    public async Task StepAsync_AnotherHasTheLease_DoesNothingUntilItIsGivenBack()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await new KeptLog(process).AppendAsync(600);
        var (db, heads) = (process.Connection.Database, process.Sealed.Heads);
        var other = new KeeperLease(process.Connection, TimeProvider.System);
        await other.TryHoldAsync(db);
        using var keeper = new KeeperPart(store, process).Keeper;

        var pause = await keeper.StepAsync(db, default);
        var waiting = (await heads.ReadAsync(db)).Sealed;
        await other.ReleaseAsync(db);
        while (await keeper.StepAsync(db, default) == TimeSpan.Zero)
        {
            // As its loop would.
        }

        Assert.That(pause, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(waiting, Is.Zero);
        Assert.That((await heads.ReadAsync(db)).Sealed, Is.EqualTo(256));
        Assert.That(await other.TryHoldAsync(db), Is.False);
    }

    [Test]
    public async Task KeepAsync_InTheMiddleOfLongWork_MakesTheLeaseLastLonger()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        var (db, key, time) = (store.Connection.Database, store.Connection.Keys.Keeper, new FakeTimeProvider());
        var lease = new KeeperLease(store.Connection, time);

        Assert.That(await lease.KeepAsync(db), "there is none to keep");
        Assert.That(await db.KeyExistsAsync(key), Is.False);
        await lease.TryHoldAsync(db);
        await db.KeyExpireAsync(key, KeeperLease.Length / 2);
        Assert.That(await lease.KeepAsync(db));
        Assert.That(await db.KeyTimeToLiveAsync(key), Is.LessThanOrEqualTo(KeeperLease.Length / 2), "too early");
        time.Advance(KeeperLease.Length / 3);
        Assert.That(await lease.KeepAsync(db));
        Assert.That(await db.KeyTimeToLiveAsync(key), Is.GreaterThan(KeeperLease.Length / 2));
        await db.StringSetAsync(key, "another");
        time.Advance(KeeperLease.Length / 3);
        Assert.That(await lease.KeepAsync(db), Is.False, "it is lost");
    }
}
