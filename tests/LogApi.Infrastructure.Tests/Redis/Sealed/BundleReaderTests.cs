using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Search;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

[Parallelizable(ParallelScope.All)]
public sealed class BundleReaderTests
{
    [SetUp]
    public void RequireRedis()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
    }

    [Test]
    public async Task ReadAsync_LargeHotRecords_AreReadInPiecesOverAnotherConnectionThanAppends()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(server.EndPoint), new StoreOptions { TimeoutMilliseconds = 20_000 });
        await using var process = await LogProcess.StartAsync(store);
        var db = process.Connection.Database;
        await Eventually.BecomesTrueAsync(() => process.Connection.BulkDatabase.Multiplexer.ClientName.EndsWith(RedisConnection.BulkSuffix, StringComparison.Ordinal));
        await db.ExecuteAsync("CONFIG", "SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "100000");
        const int count = 240;
        var query = new string('x', 60_000);
        foreach (var part in Enumerable.Range(0, count).Chunk(10))
            await process.AppendAllAsync([.. part.Select(_ => Some.Entry("ada", query))]);
        using var search = new LogSearch(
            process.Sealed.Heads,
            process.Sealed.Bundles,
            process.Sealed.Leaves,
            new ScanPlan(process.Connection, process.Sealed.Users, process.Sealed.Times),
            new ScanOptions());

        var found = 0;
        await foreach (var step in search.ScanAsync(
            new LogScan(LogFilter.Of(new LogCriteria { Text = "xxx" }), LogOrder.NewestFirst, 0, count), default)) found += step.Records.Count;
        var history = await process.Logs.ReadAsync([.. Enumerable.Range(0, count).Select(i => (long)i)], default);

        var commands = await CommandsAsync(db);
        var reads = commands.Where(command => command.Text[0] == "LRANGE" && command.Text[1].Contains("entries", StringComparison.Ordinal)).ToList();
        var largest = reads.Max(read => Number(read.Text[3]) - Number(read.Text[2]) + 1) * 60_000;
        Assert.That((found, history.Count(record => !record.Record.IsEmpty)), Is.EqualTo((count, count)));
        Assert.That(largest, Is.LessThanOrEqualTo(StoreOptions.BulkReplyBytes));
        Assert.That(reads.Select(read => read.Client).Distinct(), Is.EqualTo(new[] { "logapi" + RedisConnection.BulkSuffix }));
        Assert.That(commands.Where(command => command.Text[0] == "EVALSHA").Select(command => command.Client).Distinct(), Is.EqualTo(new[] { "logapi" }));
    }

    [Test]
    public async Task ReadAsync_BundleIsSealedBetweenTwoPieces_IsReadWhole()
    {
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(server.EndPoint),
            new StoreOptions { TimeoutMilliseconds = 20_000, BulkBytes = StoreOptions.BulkReplyBytes });
        await using var process = await LogProcess.StartAsync(store);
        await using var reader = await LogProcess.StartAsync(store);
        var log = new KeptLog(process);
        await log.AppendAsync(600);
        await reader.Logs.GetHeadAsync(default);
        var start = new TaskCompletionSource();

        // One at a time, in this order: the first piece, the sealing, the second piece.
        var before = reader.Connection.ReadBulkAsync(_ => HoldAsync(start.Task), default);
        var reading = reader.Sealed.Bundles.ReadAsync(0, keep: false, default);
        var sealing = reader.Connection.ReadBulkAsync(_ => SealAsync(), default);
        start.SetResult();
        await Task.WhenAll(before, sealing);
        var bundle = await reading;

        Assert.That(await store.Connection.Database.KeyExistsAsync(store.Connection.Keys.Entries(0)), Is.False, "it was taken away");
        Assert.That(bundle.Count, Is.EqualTo(RedisKeys.BundleSize));
        for (var place = 0; place < bundle.Count; place++) Assert.That(bundle.RecordAt(place).Span.SequenceEqual(log.Entries[place].Record));

        async Task<bool> SealAsync()
        {
            await new KeeperPart(store, process).SealAsync();
            return true;
        }
    }

    private static async Task<bool> HoldAsync(Task end)
    {
        await end;
        return true;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // Each command that the server has run, and the name of the connection that it came over.
    private static async Task<IReadOnlyList<(string[] Text, string Client)>> CommandsAsync(IDatabase db)
    {
        var rows = (RedisResult[])(await db.ExecuteAsync("SLOWLOG", "GET", "-1"))!;
        return [.. rows.Select(row => ((string[])row[3]!, (string)row[5]!))];
    }
}
