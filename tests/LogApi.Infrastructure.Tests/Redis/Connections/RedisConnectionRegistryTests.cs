using LogApi.Infrastructure.Redis.Connections;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Connections;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RedisConnectionRegistryTests(StoreKind kind)
{
    [Test]
    public async Task ReportAsync_ManyProcesses_GivesTheSumOfTheirLatestCounts()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var (first, second) = (new RedisConnectionRegistry(store.Connection, TimeProvider.System), new RedisConnectionRegistry(await store.ConnectAsync(), TimeProvider.System));

        var alone = await first.ReportAsync(3, default);
        var both = await second.ReportAsync(4, default);
        var less = await first.ReportAsync(1, default);

        Assert.That((alone, both, less), Is.EqualTo((3L, 7L, 5L)));
    }

    [Test]
    public async Task StopAsync_ProcessEnds_ItsConnectionsCountNoMore()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var (first, second) = (new RedisConnectionRegistry(store.Connection, TimeProvider.System), new RedisConnectionRegistry(await store.ConnectAsync(), TimeProvider.System));
        await first.ReportAsync(3, default);

        await first.StopAsync(default);

        Assert.That(await second.ReportAsync(4, default), Is.EqualTo(4));
        Assert.That(await store.Connection.Database.SetLengthAsync(store.Connection.Keys.Processes), Is.EqualTo(1));
    }

    [Test]
    public async Task StopAsync_HostHasNoTimeLeft_StillTakesTheProcessOut()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var registry = new RedisConnectionRegistry(store.Connection, TimeProvider.System);
        await registry.ReportAsync(3, default);

        await registry.StopAsync(new CancellationToken(canceled: true));

        Assert.That(await store.Connection.Database.SetLengthAsync(store.Connection.Keys.Processes), Is.Zero);
    }

    [Test]
    public async Task ReportAsync_ProcessDiedWithoutAWord_IsForgottenWhenItsKeyEnds()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var (first, second) = (new RedisConnectionRegistry(store.Connection, TimeProvider.System), new RedisConnectionRegistry(await store.ConnectAsync(), TimeProvider.System));
        await first.ReportAsync(3, default);
        var database = store.Connection.Database;
        var process = (await database.SetMembersAsync(store.Connection.Keys.Processes)).Single().ToString();
        var left = await database.KeyTimeToLiveAsync(store.Connection.Keys.Process(process));

        // Its last seconds go by faster here.
        await database.KeyExpireAsync(store.Connection.Keys.Process(process), TimeSpan.FromMilliseconds(50));

        Assert.That(left, Is.InRange(TimeSpan.FromSeconds(5), RedisConnectionRegistry.Lifetime));
        await Eventually.BecomesTrueAsync(async () => await second.ReportAsync(4, default) == 4);
        Assert.That(await database.SetLengthAsync(store.Connection.Keys.Processes), Is.EqualTo(1));
    }
}
