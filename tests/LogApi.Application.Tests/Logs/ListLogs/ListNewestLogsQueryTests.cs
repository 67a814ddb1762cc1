using LogApi.Application.Logs.ListLogs;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using Moq;

namespace LogApi.Application.Tests.Logs.ListLogs;

public sealed class ListNewestLogsQueryTests
{
    private static readonly ListNewestLogsQueryValidator Validator = new();
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);

    [TestCase(null)]
    [TestCase("u")]
    public async Task Handle_UserOrEveryone_AsksTheRepositoryForJustThat(string? user)
    {
        var page = new LogPage(new LogHead("epoch", 3), [2, 1]);
        var userId = user is null ? null : UserId.Create(user);
        _logs.Setup(logs => logs.FindNewestAsync(userId, 2, 1, It.IsAny<CancellationToken>())).ReturnsAsync(page);

        var result = await new ListNewestLogsQueryHandler(_logs.Object)
            .Handle(new ListNewestLogsQuery(user, Limit: 2, Offset: 1), CancellationToken.None);

        Assert.That(result.TryGet(out var found, out _), Is.True);
        Assert.That(found, Is.SameAs(page));
    }

    [TestCase(null, 1, 0)]
    [TestCase(null, 1000, int.MaxValue)]
    [TestCase("u", 1000, 10_000)]
    public void Validate_WithinLimits_IsValid(string? user, int limit, int offset) =>
        Assert.That(Validator.Validate(new ListNewestLogsQuery(user, limit, offset)).IsValid, Is.True);

    [TestCase(null, 0, 0, "limit", "must be 1 to 1000")]
    [TestCase(null, 1001, 0, "limit", "must be 1 to 1000")]
    [TestCase(null, int.MinValue, 0, "limit", "must be 1 to 1000")]
    [TestCase(null, 1, -1, "offset", "must be 0 or more")]
    [TestCase("u", 1, -1, "offset", "must be 0 or more")]
    [TestCase("u", 1, 10_001, "offset", "must be 0 to 10000 with user_id; GET /api/v1/logs leads further back")]
    [TestCase("", 1, 0, "user_id", "is required: 1 to 128 characters")]
    [TestCase("a|b", 1, 0, "user_id", "must not contain '|', which separates the fields of the hashed text")]
    public void Validate_BeyondLimits_NamesTheFieldAndWhatItAccepts(string? user, int limit, int offset, string field, string message)
    {
        var failures = Validator.Validate(new ListNewestLogsQuery(user, limit, offset)).ToDictionary();
        Assert.That(failures.Keys, Is.EqualTo([field]));
        Assert.That(failures[field], Is.EqualTo([message]));
    }
}
