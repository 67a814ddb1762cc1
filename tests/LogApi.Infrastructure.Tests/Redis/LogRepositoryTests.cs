using System.Reflection;
using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Settings;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LogRepositoryTests(StoreKind kind)
{
    [Test]
    public async Task AppendAsync_FirstEntries_AreNumberedFromZeroWithoutHoles()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);

        var numbers = new List<long>();
        for (var i = 0; i < 5; i++) numbers.Add(await process.AppendAsync(Some.Entry()));

        Assert.That(numbers, Is.EqualTo(new long[] { 0, 1, 2, 3, 4 }));
    }

    [Test]
    public async Task AppendAsync_TwoProcessesAtOnce_LeaveNoHoleNoDuplicateAndKeepEachRecord()
    {
        const int perProcess = 2_000;
        await using var store = await StoreFixture.StartAsync(kind);
        await using var one = await LogProcess.StartAsync(store, new AppendOptions { BatchEntries = 61 });
        await using var other = await LogProcess.StartAsync(store, new AppendOptions { BatchEntries = 300 });
        var entries = Some.Entries(2 * perProcess);

        var numbers = await Task.WhenAll(entries.Select((entry, i) => (i % 2 == 0 ? one : other).AppendAsync(entry)));

        Assert.That(numbers.Order(), Is.EqualTo(Enumerable.Range(0, 2 * perProcess).Select(i => (long)i)));
        var stored = (await one.Logs.ReadRangeAsync(0, 2 * perProcess, default)).Records;
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.That(stored[(int)numbers[i]].Record.ToArray(), Is.EqualTo(EntryRecord.Encode(entries[i])));
        }
    }

    [Test]
    public async Task AppendAsync_LargestBatchTheSettingsAllow_IsStored()
    {
        var most = typeof(AppendOptions).GetProperty(nameof(AppendOptions.BatchBytes))!.GetCustomAttribute<SettingAttribute>()!.Max;
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(
            store, new AppendOptions { BatchBytes = (int)most, BatchEntries = 2_000, QueueBytes = 4 * (long)most });
        var query = new string('x', 60_000);
        var count = (int)(2 * most / query.Length);

        var numbers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => process.AppendAsync(Some.Entry(query: query))));

        Assert.That(numbers.Order(), Is.EqualTo(Enumerable.Range(0, count).Select(i => (long)i)));
    }

    [Test]
    public async Task AppendAsync_SameEntryAgain_GivesTheFirstNumberAndAddsNothing()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var entry = Some.Entry();
        var first = await process.AppendAsync(entry);
        await process.AppendAsync(Some.Entry());

        var again = await Task.WhenAll(process.AppendAsync(entry), process.AppendAsync(entry));

        Assert.That(again, Is.All.EqualTo(first));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(2));
        Assert.That((await process.Logs.FindNewestAsync(entry.UserId, 10, 0, default)).Sequences, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AppendAsync_SeveralEntriesSomeKnown_StoresTheOthersTogetherAndGivesTheEarlierRecords()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var known = Some.Entry();
        await process.AppendAsync(known);
        var (first, second) = (Some.Entry(), Some.Entry());

        var appended = await process.AppendAllAsync(first, known, second, first);

        Assert.That(appended.Select(entry => entry.Outcome), Is.EqualTo(
            new[] { AppendOutcome.Stored, AppendOutcome.Known, AppendOutcome.Stored, AppendOutcome.Known }));
        Assert.That(appended.Select(entry => entry.Sequence), Is.EqualTo(new long[] { 1, 0, 2, 1 }));
        Assert.That(appended[1].Earlier.ToArray(), Is.EqualTo(EntryRecord.Encode(known)));
        Assert.That(appended[3].Earlier.ToArray(), Is.EqualTo(EntryRecord.Encode(first)));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(3));
    }

    [Test]
    public async Task AppendAsync_KnownEntryWhoseRecordIsGone_SaysKnownWithoutARecord()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var entries = Some.Entries(257);
        await process.AppendAllAsync(entries);
        await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Entries(0));

        var again = await process.AppendAllAsync(entries[0]);

        Assert.That(again.Single(), Is.EqualTo(new Appended(AppendOutcome.Known, 0)));
    }

    [Test]
    public async Task AppendAsync_TwoProcessesSendUnits_KeepsEachUnitTogether()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var one = await LogProcess.StartAsync(store);
        await using var other = await LogProcess.StartAsync(store, new AppendOptions { BatchEntries = 40 });
        var units = Enumerable.Range(0, 60).Select(i => Some.Entries(1 + (i * 7 % 90))).ToList();

        var answers = await Task.WhenAll(units.Select((unit, i) => (i % 2 == 0 ? one : other).AppendAllAsync(unit)));

        Assert.That(answers.SelectMany(unit => unit).Select(entry => entry.Sequence).Order(),
            Is.EqualTo(Enumerable.Range(0, units.Sum(unit => unit.Count)).Select(i => (long)i)));
        foreach (var unit in answers)
            Assert.That(unit.Select(entry => entry.Sequence - unit[0].Sequence), Is.EqualTo(Enumerable.Range(0, unit.Count).Select(i => (long)i)));
    }

    [TestCase(0)]
    [TestCase(NewEntry.MaxPerCall + 1)]
    public async Task AppendAsync_MoreThanOneCallMayHave_IsRefused(int count)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);

        await Assert.ThrowsAsync<ArgumentException>(() => process.AppendAllAsync(Some.Entries(count)));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.Zero);
    }

    [Test]
    public async Task AppendAsync_RestOfAnInterruptedWriteBehindTheHead_IsCutOff()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        var torn = Some.Entry("ada");
        var database = process.Connection.Database;
        var keys = process.Connection.Keys;
        var id = torn.Id.Value.ToByteArray(bigEndian: true);
        await database.HashSetAsync(keys.Head, "pending", (byte[])[.. "2 1 "u8, .. id, .. "0 3:ada"u8]);
        await database.ListRightPushAsync(keys.Entries(0), EntryRecord.Encode(torn));
        await database.ListRightPushAsync(keys.User("ada"), 1);
        await database.SortedSetAddAsync(keys.Users, "ada", 1);
        await database.HashSetAsync(keys.Ids, id, "1:tag");

        var next = Some.Entry();
        Assert.That(await process.AppendAsync(next), Is.EqualTo(1));
        Assert.That(await process.AppendAsync(torn), Is.EqualTo(2));

        var records = (await process.Logs.ReadRangeAsync(0, 10, default)).Records;
        Assert.That(records.Select(record => record.Record.ToArray()).Skip(1),
            Is.EqualTo(new[] { EntryRecord.Encode(next), EntryRecord.Encode(torn) }));
        Assert.That((await process.Logs.FindNewestAsync(torn.UserId, 10, 0, default)).Sequences, Is.EqualTo(new long[] { 2 }));
    }

    [Test]
    public async Task AppendAsync_NewestRecordsWereRemoved_IsRefusedRatherThanMisplaced()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Entries(0));

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.AppendAsync(Some.Entry()));

        Assert.That(refusal!.InnerException!.Message, Does.Contain("LOGAPI_DAMAGED"));
        Assert.That((await process.Logs.GetHeadAsync(default)).Next, Is.EqualTo(1));
    }

    [Test]
    public async Task FindAsync_UnknownId_GivesNothing()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);

        Assert.That(await process.Logs.FindAsync(LogId.NewAt(Some.Time), default), Is.EqualTo(IdLookup.NeverStored));
    }

    [Test]
    public async Task FindAsync_StoredId_GivesNumberAndBytes()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAsync(Some.Entry());
        var entry = Some.Entry(query: "SELECT 'żółć 🙂'");
        await process.AppendAsync(entry);

        var found = await process.Logs.FindAsync(entry.Id, default);

        Assert.That(found.Found.Stored.Sequence, Is.EqualTo(1));
        Assert.That(found.Found.Stored.Record.ToArray(), Is.EqualTo(EntryRecord.Encode(entry)));
        Assert.That(found.Found.Side[..IdTag.Size].ToArray(), Is.EqualTo(Some.Tag(entry)));
    }

    [Test]
    public async Task FindAsync_RecordWasDeleted_GivesAnEmptyRecord()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var entry = Some.Entry();
        await process.AppendAsync(entry);
        await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Entries(0));

        Assert.That((await process.Logs.FindAsync(entry.Id, default)).Found.Stored.Record.IsEmpty);
    }

    [TestCase("abc")]
    [TestCase("-1:0123456789abcdef")]
    [TestCase("99999:0123456789abcdef")]
    [TestCase("0")]
    public async Task FindAsync_IdRowWasEdited_GivesNoRecordRatherThanAnother(string row)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var entry = Some.Entry();
        await process.AppendAsync(entry);
        await process.Connection.Database.HashSetAsync(
            process.Connection.Keys.Ids, entry.Id.Value.ToByteArray(bigEndian: true), row);

        var found = await process.Logs.FindAsync(entry.Id, default);

        Assert.That(found.Found.Stored.Record.IsEmpty);
    }

    [TestCase(10, 0, 599, 590)]
    [TestCase(1, 599, 0, 0)]
    [TestCase(1000, 0, 599, 0)]
    [TestCase(300, 100, 499, 200)]
    public async Task FindNewestAsync_AllUsers_GivesThePageAcrossBundles(int limit, int offset, int newest, int oldest)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await Task.WhenAll(Some.Entries(600).Select(process.AppendAsync));

        var page = await process.Logs.FindNewestAsync(userId: null, limit, offset, default);
        var records = await process.Logs.ReadAsync(page.Sequences, default);

        Assert.That(page.Sequences, Is.EqualTo(Enumerable.Range(oldest, newest - oldest + 1).Reverse().Select(i => (long)i)));
        Assert.That(records.Select(record => record.Sequence), Is.EqualTo(page.Sequences));
        Assert.That(records.All(record => !record.Record.IsEmpty));
        Assert.That(page.Head.Next, Is.EqualTo(600));
    }

    [TestCase(600)]
    [TestCase(int.MaxValue)]
    public async Task FindNewestAsync_OffsetPastTheStart_GivesAnEmptyPage(int offset)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        var user = Some.UserId();
        await process.AppendAsync(Some.Entry(user.Value));

        Assert.That((await process.Logs.FindNewestAsync(userId: null, 10, offset, default)).Sequences, Is.Empty);
        Assert.That((await process.Logs.FindNewestAsync(user, 10, offset, default)).Sequences, Is.Empty);
    }

    [Test]
    public async Task FindNewestAsync_OneUser_GivesOnlyThatUsersEntriesNewestFirst()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        for (var i = 0; i < 30; i++) await process.AppendAsync(Some.Entry(i % 3 == 0 ? "ada" : "bob|".TrimEnd('|') + i));

        var page = await process.Logs.FindNewestAsync(Some.UserId("ada"), limit: 4, offset: 2, default);
        var records = await process.Logs.ReadAsync(page.Sequences, default);

        Assert.That(page.Sequences, Is.EqualTo(new long[] { 21, 18, 15, 12 }));
        Assert.That(records.Select(record => UserOf(record)), Is.All.EqualTo("ada"));
    }

    [Test]
    public async Task ReadRangeAsync_PastTheEnd_StopsAtTheEnd()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await Task.WhenAll(Some.Entries(260).Select(process.AppendAsync));

        var range = await process.Logs.ReadRangeAsync(250, 100, default);
        Assert.That(range.Records.Select(record => record.Sequence), Is.EqualTo(Enumerable.Range(250, 10).Select(i => (long)i)));
        Assert.That(range.Head, Is.EqualTo(await process.Logs.GetHeadAsync(default)));
        Assert.That((await process.Logs.ReadRangeAsync(260, 100, default)).Records, Is.Empty);
    }

    [Test]
    public async Task ReadRangeAsync_BundleWasDeleted_GivesEmptyRecordsInItsPlace()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await Task.WhenAll(Some.Entries(600).Select(process.AppendAsync));
        await process.Connection.Database.KeyDeleteAsync(process.Connection.Keys.Entries(1));

        var records = (await process.Logs.ReadRangeAsync(0, 600, default)).Records;

        Assert.That(records, Has.Count.EqualTo(600));
        Assert.That(records.Where(record => record.Record.IsEmpty).Select(record => record.Sequence),
            Is.EqualTo(Enumerable.Range(256, 256).Select(i => (long)i)));
    }

    private static string UserOf(StoredRecord record) =>
        EntryRecord.TryDecode(record.Record.Span, out var entry, out var problem) ? entry.UserId.Value : problem;
}
