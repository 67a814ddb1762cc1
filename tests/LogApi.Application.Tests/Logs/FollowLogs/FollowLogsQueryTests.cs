using LogApi.Application.Logs;
using LogApi.Application.Logs.FollowLogs;
using LogApi.Application.Ports;
using Moq;

namespace LogApi.Application.Tests.Logs.FollowLogs;

[Parallelizable(ParallelScope.All)]
public sealed class FollowLogsQueryTests
{
    private static readonly LogHead Head = new("e2", Next: 50, First: 10);

    [TestCase("e2-49", 50, null, null, null)]
    [TestCase("e2-20", 21, null, null, null)]
    [TestCase("e2-9", 10, null, null, null)]
    [TestCase("e2-8", 10, 9L, 9L, MissedEntries.Dropped)]
    [TestCase("e2--1", 10, 0L, 9L, MissedEntries.Dropped)]
    [TestCase("e2-50", 50, 50L, 50L, MissedEntries.SetBack)]
    [TestCase("e2-70", 50, 50L, 70L, MissedEntries.SetBack)]
    [TestCase("e1-20", 10, 21L, null, MissedEntries.StartedAnew)]
    public async Task Handle_Position_GoesOnRightBehindItOrSaysWhatIsMissing(string after, long next, long? from, long? to, string? reason)
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(Head);

        var result = await new FollowLogsQueryHandler(logs.Object).Handle(new FollowLogsQuery(new LogFilterRequest(), after), CancellationToken.None);

        var missed = reason is null ? null : new MissedEntries(from!.Value, to, reason);
        Assert.That(result.TryGet(out var followed, out _), Is.True);
        Assert.That(followed!.Resumption, Is.EqualTo(new StreamResumption("e2", next, missed)));
    }

    [TestCase("e2-39", 40, null, null)]
    [TestCase("e2-41", 40, 40L, 41L)]
    [TestCase("s1-44", 45, null, null)]
    [TestCase("s1-46", 45, 45L, 46L)]
    [TestCase("s2-46", 47, null, null)]
    public async Task Handle_PositionOfBeforeASetBack_IsGoodUpToWhereNumbersWereGivenAnew(string after, long next, long? from, long? to)
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(Head with { SetBacks = "s1:40 s2:45" });

        var result = await new FollowLogsQueryHandler(logs.Object).Handle(new FollowLogsQuery(new LogFilterRequest(), after), CancellationToken.None);

        var missed = from is null ? null : new MissedEntries(from.Value, to, MissedEntries.SetBack);
        Assert.That(result.TryGet(out var followed, out _), Is.True);
        Assert.That(followed!.Resumption, Is.EqualTo(new StreamResumption("s2", next, missed)));
    }

    [Test]
    public async Task Handle_NoPosition_AsksTheStoreForNothing()
    {
        var result = await new FollowLogsQueryHandler(new Mock<ILogRepository>(MockBehavior.Strict).Object)
            .Handle(new FollowLogsQuery(new LogFilterRequest { UserId = "u" }, After: null), CancellationToken.None);

        Assert.That(result.TryGet(out var followed, out _), Is.True);
        Assert.That(followed!.Resumption, Is.Null);
        Assert.That(followed.Filter.UserId!.Value, Is.EqualTo("u"));
    }

    [Test]
    public void Validate_BadValues_NamesEach()
    {
        var query = new FollowLogsQuery(new LogFilterRequest { UserId = "a|b", Statuses = ["a b"], Text = "" }, After: "x");
        Assert.That(new FollowLogsQueryValidator().Validate(query).ToDictionary().Keys, Is.EquivalentTo(["user_id", "status", "q", "after"]));
    }
}
