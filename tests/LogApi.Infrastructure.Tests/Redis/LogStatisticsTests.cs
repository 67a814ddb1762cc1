using CsCheck;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LogStatisticsTests(StoreKind kind)
{
    // Few ids, users, statuses and minutes, so that they meet.
    private static readonly Gen<(int Id, int User, int Status, int Minute)> Item =
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 6], Gen.Int[0, 4], Gen.Int[0, 3]);

    private static readonly Gen<List<List<(int Id, int User, int Status, int Minute)>>> Units = Item.List[1, 30].List[1, 12];

    [Test]
    public async Task ReadAsync_EmptyLog_CountsNothing()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);

        var counts = await new LogStatistics(process.Connection).ReadAsync(users: 10, default);

        Assert.Multiple(() =>
        {
            Assert.That(counts.Written + counts.Kept + counts.Bytes + counts.Users, Is.Zero);
            Assert.That(counts.ByStatus, Is.Empty);
            Assert.That(counts.ByMinute, Is.Empty);
            Assert.That(counts.BusiestUsers, Is.Empty);
        });
    }

    [Test]
    public async Task ReadAsync_RandomAppendsOfTwoProcessesWithRepeatedIds_MatchesARecount() =>
        await Units.SampleAsync(
            async units =>
            {
                await using var store = await StoreFixture.StartAsync(kind);
                await using var one = await LogProcess.StartAsync(store);
                await using var other = await LogProcess.StartAsync(store);
                var ids = Enumerable.Range(0, 61).Select(_ => LogId.NewAt(Some.Time)).ToArray();
                var entries = units.Select(unit => unit.Select(item => Make(ids[item.Id], item)).ToList()).ToList();

                var answers = await Task.WhenAll(entries.Select((unit, i) => (i % 2 == 0 ? one : other).AppendAllAsync(unit)));

                AssertFirstsWon([.. entries.SelectMany(unit => unit)], [.. answers.SelectMany(unit => unit)]);
                await Recount.AssertMatchesAsync(one);
            },
            iter: 15,
            threads: 1);

    [Test]
    public async Task ReadAsync_BusiestUsers_AreAsManyAsAskedFor()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        await process.AppendAllAsync([.. Some.Entries(3, "ada"), .. Some.Entries(5, "bob"), Some.Entry("eve")]);

        var counts = await new LogStatistics(process.Connection).ReadAsync(users: 2, default);

        Assert.That(counts.BusiestUsers, Is.EqualTo(new[] { new UserCount("bob", 5), new UserCount("ada", 3) }));
        Assert.That(counts.Users, Is.EqualTo(3));
    }

    [Test]
    public async Task ReadAsync_MoreStatusesThanAreNamed_CountsTheRestTogether()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        for (var batch = 0; batch < 4; batch++)
            await process.AppendAllAsync([.. Enumerable.Range(batch * 300, 300).Select(i => Some.Entry("ada", status: $"S{i}"))]);
        await process.AppendAllAsync([Some.Entry("ada", status: "S7"), Some.Entry("ada", status: "S1100"), Some.Entry("ada", status: "NEW")]);

        var counts = await new LogStatistics(process.Connection).ReadAsync(users: 1, default);

        Assert.Multiple(() =>
        {
            Assert.That(counts.ByStatus, Has.Count.EqualTo(1_001));
            Assert.That(counts.ByStatus["S7"], Is.EqualTo(2));
            Assert.That(counts.ByStatus[LogCounts.OtherStatuses], Is.EqualTo(202));
            Assert.That(counts.ByStatus.Values.Sum(), Is.EqualTo(1_203));
            var minute = counts.ByMinute.Values.Single();
            Assert.That(minute, Has.Count.EqualTo(51));
            Assert.That(minute.Values.Sum(), Is.EqualTo(1_203));
        });
    }

    [Test]
    public async Task ReadAsync_AnHourLater_KeepsTheLatestMinutesOnly()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using var process = await LogProcess.StartAsync(store);
        foreach (var minute in new[] { 0, 1, 63, 64, 65, 64, 0 })
            await process.AppendAsync(Some.Entry(time: Some.Time.AddMinutes(minute)));

        var counts = await new LogStatistics(process.Connection).ReadAsync(users: 1, default);

        var expected = new Dictionary<DateTime, long> { [At(63)] = 1, [At(64)] = 2, [At(65)] = 1 };
        Assert.That(counts.ByMinute.ToDictionary(minute => minute.Key, minute => minute.Value["SUCCESS"]), Is.EquivalentTo(expected));
        Assert.That(counts.Kept, Is.EqualTo(7));

        static DateTime At(int minute) => Some.Time.AddMinutes(minute).UtcDateTime;
    }

    private static LogEntry Make(LogId id, (int Id, int User, int Status, int Minute) item) => LogEntry.Create(
        Some.UserId($"user {item.User}"), Some.Query($"q{item.Id}-{item.Status}"), Some.Status($"S{item.Status}"),
        Some.Time.AddMinutes(item.Minute), Some.Hasher, id: id);

    /// <summary>Of the entries with one id, one is stored, and all others are told of that one.</summary>
    private static void AssertFirstsWon(List<LogEntry> entries, List<Appended> answers)
    {
        foreach (var same in entries.Zip(answers).GroupBy(pair => pair.First.Id))
        {
            var (first, stored) = same.Single(pair => pair.Second.Outcome == AppendOutcome.Stored);
            foreach (var (_, answer) in same.Where(pair => pair.Second.Outcome != AppendOutcome.Stored))
            {
                Assert.That(answer.Outcome, Is.EqualTo(AppendOutcome.Known));
                Assert.That(answer.Sequence, Is.EqualTo(stored.Sequence));
                Assert.That(answer.Earlier.ToArray(), Is.EqualTo(EntryRecord.Encode(first)));
            }
        }
    }
}
