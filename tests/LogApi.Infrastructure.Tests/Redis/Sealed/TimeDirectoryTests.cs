using System.Buffers.Binary;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Tests.Stores;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class TimeDirectoryTests(StoreKind kind)
{
    [Test]
    public async Task ReadAsync_AnotherGenerationSince_ReadsCompleteChunksAnew()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var directory = new TimeDirectory(store.Connection);
        var next = TimeChunk.Bundles * 256L;
        var extent = new LogExtent(new LogHead("epoch", next), next, Generation: 1);

        await WriteAsync(store, time: 10);
        var first = await directory.ReadAsync(extent, default);
        await WriteAsync(store, time: 20);
        var kept = await directory.ReadAsync(extent, default);
        var anew = await directory.ReadAsync(extent with { Generation = 2 }, default);
        await WriteAsync(store, time: 30);
        await directory.ReadAsync(extent, default);
        var keptAnew = await directory.ReadAsync(extent with { Generation = 2 }, default);

        Assert.That(first.MayHave(5, 10, 10));
        Assert.That(kept.MayHave(5, 10, 10), "a complete chunk is kept");
        Assert.That(anew.MayHave(5, 20, 20));
        Assert.That(keptAnew.MayHave(5, 20, 20), "a look from before does not bring the earlier generation back");
    }

    private static async Task WriteAsync(StoreFixture store, ulong time)
    {
        var rows = new byte[TimeChunk.Bundles * TimeChunk.RowLength];
        for (var at = 0; at < rows.Length; at += sizeof(ulong)) BinaryPrimitives.WriteUInt64BigEndian(rows.AsSpan(at), time);
        await store.Connection.Database.StringSetAsync(store.Connection.Keys.Times(0), rows);
    }
}
