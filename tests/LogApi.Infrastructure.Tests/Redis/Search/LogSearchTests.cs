using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using LogApi.Infrastructure.Redis.Search;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Search;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LogSearchTests(StoreKind kind)
{
    [TestCase(LogOrder.OldestFirst, 0, 1000)]
    [TestCase(LogOrder.NewestFirst, 0, 1000)]
    [TestCase(LogOrder.OldestFirst, 255, 513)]
    [TestCase(LogOrder.NewestFirst, 255, 513)]
    [TestCase(LogOrder.OldestFirst, 300, 301)]
    [TestCase(LogOrder.NewestFirst, 256, 256)]
    public async Task ScanAsync_PartOfTheLog_GivesEachMatchOnceInOrder(LogOrder order, long first, long end)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await FillAsync(process, 1000, i => i % 3 == 0 ? "ada" : "bob");
        using var search = Search(process);

        var steps = await StepsAsync(search, new LogScan(Of("ada"), order, first, end));

        var expected = Enumerable.Range(0, 1000).Where(i => i % 3 == 0 && i >= first && i < end).Select(i => (long)i);
        Assert.That(steps.SelectMany(step => step.Records).Select(record => record.Sequence),
            Is.EqualTo(order == LogOrder.OldestFirst ? expected : expected.Reverse()));
        Assert.That(steps[^1].Position, Is.EqualTo(order == LogOrder.OldestFirst ? end : first));
        Assert.That(steps.Sum(step => step.Entries), Is.EqualTo(end - first));
    }

    [Test]
    public async Task ScanAsync_ReaderStops_ReadsNoFurther()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await FillAsync(process, 600, _ => "ada");
        using var search = Search(process);

        await foreach (var step in search.ScanAsync(new LogScan(LogFilter.None, LogOrder.NewestFirst, 0, 600), default))
        {
            Assert.That(step.Records[0].Sequence, Is.EqualTo(599));
            break;
        }
    }

    [Test]
    public async Task ScanAsync_RecordsAreGone_GivesThemEmpty()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await FillAsync(process, 600, _ => "ada");
        await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Entries(1));
        using var search = Search(process);

        var all = (await StepsAsync(search, new LogScan(LogFilter.None, LogOrder.OldestFirst, 0, 600))).SelectMany(step => step.Records).ToList();
        var adas = (await StepsAsync(search, new LogScan(Of("ada"), LogOrder.OldestFirst, 0, 600))).SelectMany(step => step.Records).ToList();

        Assert.That(all, Has.Count.EqualTo(600));
        Assert.That(all.Count(record => record.Record.IsEmpty), Is.EqualTo(256));
        Assert.That(adas.Count(record => record.Record.IsEmpty), Is.EqualTo(256), "nobody knows whose they were");
    }

    [Test]
    public async Task ScanAsync_WhileEntriesAreAdded_GivesWhatWasThereOnce()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await FillAsync(process, 700, _ => "ada");
        using var search = Search(process);
        var adding = FillAsync(process, 700, _ => "ada");

        var head = await process.Logs.GetHeadAsync(default);
        var steps = await StepsAsync(search, new LogScan(Of("ada"), LogOrder.NewestFirst, 0, head.Next));
        await adding;

        Assert.That(steps.SelectMany(step => step.Records).Select(record => record.Sequence),
            Is.EqualTo(Enumerable.Range(0, (int)head.Next).Reverse().Select(i => (long)i)));
    }

    [Test]
    public async Task ScanAsync_StoreIsAway_SaysSo()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await FillAsync(process, 300, _ => "ada");
        using var search = Search(process);
        await process.Connection.DisposeAsync();

        await Assert.ThatAsync(
            () => StepsAsync(search, new LogScan(LogFilter.None, LogOrder.NewestFirst, 0, 300)), Throws.InstanceOf<StoreUnavailableException>());
    }

    private static LogSearch Search(LogProcess process) => new(
        process.Sealed.Heads,
        process.Sealed.Bundles,
        process.Sealed.Leaves,
        new ScanPlan(process.Connection, process.Sealed.Users, process.Sealed.Times),
        new ScanOptions());

    private static LogFilter Of(string user) => LogFilter.Of(new LogCriteria { UserId = UserId.Create(user) });

    // One call after the other: entries of calls that are sent at once may be stored in any order.
    private static async Task FillAsync(LogProcess process, int count, Func<int, string> user)
    {
        foreach (var part in Enumerable.Range(0, count).Chunk(NewEntry.MaxPerCall))
            await process.AppendAllAsync([.. part.Select(i => Some.Entry(user(i)))]);
    }

    private static async Task<List<ScanStep>> StepsAsync(LogSearch search, LogScan scan)
    {
        var steps = new List<ScanStep>();
        await foreach (var step in search.ScanAsync(scan, default)) steps.Add(step);
        return steps;
    }
}
