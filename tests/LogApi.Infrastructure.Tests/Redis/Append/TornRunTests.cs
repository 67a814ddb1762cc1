using System.Globalization;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Append;

/// <summary>The script is cut off before each of its writes, as a crash of the embedded store can do.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class TornRunTests(StoreKind kind)
{
    private const string Call = "local call = redis.call\n";

    // Enough to end one bundle, fill the next and begin a third.
    private const int TornEntries = 300;
    private const int Before = 250;

    private static readonly long Minute = Some.Time.ToUnixTimeSeconds() / 60;

    [Test]
    public async Task AppendAsync_AfterARunThatWasCutOffAnywhere_LeavesNoTraceOfIt()
    {
        var cuts = 0;
        for (var isCut = true; isCut; cuts++)
        {
            await using var store = await StoreFixture.StartPatientAsync(kind);
            await using var process = await LogProcess.StartAsync(store);
            await process.AppendAllAsync([.. Enumerable.Range(0, Before).Select(Entry)]);
            var torn = Enumerable.Range(Before, TornEntries).Select(Entry).ToList();

            isCut = await RunCutAsync(process, torn, writes: cuts);
            await process.AppendAllAsync([Entry(1), Entry(2), torn[0], torn[299]]);

            Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(isCut ? Before + 4 : Before + TornEntries + 2), $"{cuts}");
            await Recount.AssertMatchesAsync(process);
        }

        Assert.That(cuts, Is.GreaterThan(8), "the cuts must reach the script's writes");
    }

    // Two users, one of whom is new in the torn run; two statuses.
    internal static LogEntry Entry(int i) => Some.Entry(i % 3 == 0 && i >= Before ? "new" : "ada", status: i % 2 == 0 ? "SUCCESS" : "FAILURE");

    internal static async Task<bool> RunCutAsync(LogProcess process, List<LogEntry> entries, int writes)
    {
        var source = LuaResource.Read("append.lua");
        Assert.That(source, Does.Contain(Call));
        var cutting = source.Replace(Call, string.Create(CultureInfo.InvariantCulture, $$"""
            local done = 0
            local function call(command, ...)
              if command ~= 'HMGET' and command ~= 'HGET' and command ~= 'LLEN' and command ~= 'ZMSCORE' and command ~= 'LINDEX' then
                done = done + 1
                if done > {{writes}} then
                  error('CUT')
                end
              end
              return redis.call(command, ...)
            end

            """), StringComparison.Ordinal);
        var keys = process.Connection.Keys;
        try
        {
            await process.Connection.Database.ScriptEvaluateAsync(
                cutting,
                [keys.Head, keys.Ids, keys.Users, keys.Entries(0), keys.Entries(1), keys.Entries(2), keys.User("ada"), keys.User("new")],
                [keys.Log, (string?)keys.Appended, "epoch", "writer", "0", .. entries.SelectMany(Arguments)]);
            return false;
        }
        catch (RedisServerException fault) when (fault.Message.Contains("CUT", StringComparison.Ordinal))
        {
            return true;
        }
    }

    private static RedisValue[] Arguments(LogEntry entry) =>
    [
        entry.Id.Value.ToByteArray(bigEndian: true), Some.Side(entry), entry.UserId.Value,
        $"- {Minute} {entry.Status}", EntryRecord.Encode(entry),
    ];
}

/// <summary>What a process does at its start about a run that was cut off; only the embedded store leaves such runs.</summary>
public sealed class TornRunAtStartTests
{
    [Test]
    public async Task StartAsync_AfterATornRun_TakesItOutBeforeTheFirstAppend()
    {
        await using var store = await StoreFixture.StartPatientAsync(StoreKind.Embedded);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAllAsync([.. Enumerable.Range(0, 250).Select(TornRunTests.Entry)]);
        await TornRunTests.RunCutAsync(process, [.. Enumerable.Range(250, 300).Select(TornRunTests.Entry)], writes: 7);
        var pending = await process.Connection.Database.HashGetAsync(process.Connection.Keys.Head, "pending");
        Assert.That((string?)pending, Is.Not.Empty, "the run was torn");

        await using var next = await LogProcess.StartAsync(store);

        await Eventually.BecomesTrueAsync(
            async () => (string?)await next.Connection.Database.HashGetAsync(next.Connection.Keys.Head, "pending") == "");
        await Recount.AssertMatchesAsync(next);
    }
}
