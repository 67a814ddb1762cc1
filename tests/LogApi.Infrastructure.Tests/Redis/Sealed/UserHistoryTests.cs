using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class UserHistoryTests(StoreKind kind)
{
    [Test]
    public async Task FindNewestAsync_EntriesArePassedOver_KeepsNoneOfTheirBundles()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);
        await new KeeperPart(store, process).SealAsync();
        var user = log.Entries[0].Entry.UserId;
        var own = Enumerable.Range(0, 1_024).Reverse().Where(i => log.Entries[i].Entry.UserId == user).Select(i => (long)i).ToList();

        var far = await process.Logs.FindNewestAsync(user, limit: 5, offset: own.Count - 5, default);
        var keptOfFar = process.Sealed.Cache.Bytes;
        var near = await process.Logs.FindNewestAsync(user, limit: own.Count, offset: 0, default);

        Assert.That(far.Sequences, Is.EqualTo(own[^5..]));
        Assert.That(keptOfFar, Is.Zero);
        Assert.That(near.Sequences, Is.EqualTo(own));
        Assert.That(process.Sealed.Cache.Bytes, Is.Positive);
    }

    [Test]
    public async Task FindNewestAsync_SealedBundleGone_GivesAllOfItForItMayHoldTheUsers()
    {
        await using var store = await StoreFixture.StartPatientAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(1_024);
        await new KeeperPart(store, process).SealAsync();
        var user = log.Entries[0].Entry.UserId;
        await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Sealed(1));

        var page = await process.Logs.FindNewestAsync(user, limit: 1_024, offset: 0, default);

        var own = Enumerable.Range(0, 1_024).Where(i => i / 256 == 1 || log.Entries[i].Entry.UserId == user).Reverse().Select(i => (long)i);
        Assert.That(page.Sequences, Is.EqualTo(own));
        Assert.That((await process.Logs.ReadAsync([300], default))[0].Record.IsEmpty, Is.True);
    }
}
