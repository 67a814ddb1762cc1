using LogApi.Application.Logs.GetStats;
using LogApi.Application.Ports;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace LogApi.Application.Tests.Logs.GetStats;

public sealed class GetStatsQueryTests
{
    // Given.Now is in 12:30.
    private static readonly DateTime CurrentMinute = new(2026, 3, 1, 12, 30, 0, DateTimeKind.Utc);

    private readonly Mock<ILogStatistics> _statistics = new();

    [Test]
    public async Task Handle_SomeMinutesHaveEntries_GivesSixtyMinutesWithTheOthersAtZero()
    {
        var stats = await GetAsync(new()
        {
            [CurrentMinute] = Counts(("SUCCESS", 2), ("FAILURE", 1)),
            [CurrentMinute.AddMinutes(-59)] = Counts(("SUCCESS", 4)),
            [CurrentMinute.AddMinutes(-60)] = Counts(("SUCCESS", 8)),
            [CurrentMinute.AddMinutes(1)] = Counts(("SUCCESS", 16)),
        });

        Assert.That(stats.ByMinute, Has.Count.EqualTo(60));
        Assert.That(stats.ByMinute[0].Minute, Is.EqualTo("2026-03-01T11:31:00.000000Z"));
        Assert.That(stats.ByMinute[59].Minute, Is.EqualTo("2026-03-01T12:30:00.000000Z"));
        Assert.That(stats.ByMinute.Select(minute => minute.Minute), Is.Ordered.And.Unique);
        Assert.That(stats.ByMinute.Select(minute => minute.Entries), Is.EqualTo((long[])[4, .. new long[58], 3]));
        Assert.That(stats.ByMinute[59].ByStatus, Is.EqualTo(Counts(("FAILURE", 1), ("SUCCESS", 2))), "in the order of the names");
        Assert.That(stats.ByMinute[30].ByStatus, Is.Empty);
    }

    [Test]
    public async Task Handle_Counts_AreServed()
    {
        var stats = await GetAsync([]);

        Assert.Multiple(() =>
        {
            Assert.That(stats.Totals, Is.EqualTo(new TotalsResponse { Kept = 2, Written = 3, Bytes = 400, Users = 1, StoreMemoryBytes = 5 }));
            Assert.That(stats.ByStatus, Is.EqualTo(Counts(("SUCCESS", 2))));
            Assert.That(stats.BusiestUsers, Is.EqualTo(new[] { new UserCountResponse { UserId = "ada", Entries = 2 } }));
        });
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(100, true)]
    [TestCase(101, false)]
    public void Validate_Users_AreOneToAHundred(int users, bool isValid)
    {
        var result = new GetStatsQueryValidator().Validate(new GetStatsQuery(users));

        Assert.That(result.IsValid, Is.EqualTo(isValid));
        if (!isValid) Assert.That(result.ToDictionary()["users"], Is.EqualTo(["must be 1 to 100"]));
    }

    private async Task<StatsResponse> GetAsync(Dictionary<DateTime, IReadOnlyDictionary<string, long>> minutes)
    {
        _statistics.Setup(statistics => statistics.ReadAsync(7, It.IsAny<CancellationToken>())).ReturnsAsync(new LogCounts
        {
            Written = 3,
            Kept = 2,
            Bytes = 400,
            Users = 1,
            ByStatus = Counts(("SUCCESS", 2)),
            ByMinute = minutes,
            BusiestUsers = [new UserCount("ada", 2)],
            StoreMemory = 5,
        });
        var result = await new GetStatsQueryHandler(_statistics.Object, new FakeTimeProvider(Given.Now))
            .Handle(new GetStatsQuery(7), CancellationToken.None);
        return result.TryGet(out var stats, out var error) ? stats : throw new AssertionException($"{error}");
    }

    private static Dictionary<string, long> Counts(params (string Status, long Entries)[] counts) =>
        counts.ToDictionary(count => count.Status, count => count.Entries, StringComparer.Ordinal);
}
