using LogApi.Application.Logs;
using LogApi.Application.Logs.ListLogs;
using LogApi.Application.Logs.SearchLogs;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Testing;
using Microsoft.Extensions.Options;
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

        var result = await Handler(MemorySearch.Of())
            .Handle(new ListNewestLogsQuery(Of(user), Limit: 2, Offset: 1), CancellationToken.None);

        Assert.That(result.TryGet(out var found, out _), Is.True);
        Assert.That(found!.Page, Is.SameAs(page));
        Assert.That(found.NextCursor, Is.Not.Null, "entry 0 is older");
    }

    [TestCase(3, 0, new long[] { 9, 7, 5 }, true)]
    [TestCase(3, 1, new long[] { 7, 5, 3 }, true)]
    [TestCase(5, 1, new long[] { 7, 5, 3, 1 }, false)]
    public async Task Handle_OtherConditions_GoesThroughTheLogForThem(int limit, int offset, long[] expected, bool hasMore)
    {
        var search = MemorySearch.Of(Enumerable.Range(0, 10).Select(i => Some.Entry(query: i % 2 == 0 ? "even" : "odd")));
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 10));

        var result = await Handler(search).Handle(new ListNewestLogsQuery(Odd, limit, offset), CancellationToken.None);

        Assert.That(result.TryGet(out var found, out _), Is.True);
        Assert.That(found!.Page.Sequences, Is.EqualTo(expected));
        Assert.That(found.NextCursor is not null, Is.EqualTo(hasMore));
        Assert.That(found.Filter.Matches(EntryRecord.Encode(Some.Entry(query: "ODD"))), Is.True);
    }

    [Test]
    public async Task Handle_CursorOfAPage_GoesOnWhereItEndedInASearch()
    {
        var search = MemorySearch.Of(Enumerable.Range(0, 10).Select(i => Some.Entry(query: i % 2 == 0 ? "even" : "odd")));
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 10));
        (await Handler(search).Handle(new ListNewestLogsQuery(Odd, 3, 0), CancellationToken.None)).TryGet(out var first, out _);

        var next = await new SearchLogsQueryHandler(_logs.Object, search, Options.Create(new SearchOptions()))
            .Handle(new SearchLogsQuery(Odd, Order: null, 10, first!.NextCursor), CancellationToken.None);

        Assert.That(next.TryGet(out var page, out _), Is.True);
        Assert.That(page!.Records.Select(record => record.Sequence), Is.EqualTo(new long[] { 3, 1 }));
    }

    [Test]
    public async Task Handle_NothingFoundWithinTheEffort_SaysWhereToGoOn()
    {
        var search = MemorySearch.Of(Enumerable.Range(0, 5_000).Select(_ => Some.Entry(query: "even")));
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 5_000));

        var result = await Handler(search, scanEntries: 1_000).Handle(new ListNewestLogsQuery(Odd, 3, 0), CancellationToken.None);

        Assert.That(result.TryGet(out var found, out _), Is.True);
        Assert.That(found!.Page.Sequences, Is.Empty);
        Assert.That(found.NextCursor, Is.Not.Null);
        Assert.That(search.Looked, Is.LessThan(2_000));
    }

    [TestCase(null, 1, 0)]
    [TestCase(null, 1000, int.MaxValue)]
    [TestCase("u", 1000, 10_000)]
    public void Validate_WithinLimits_IsValid(string? user, int limit, int offset) =>
        Assert.That(Validator.Validate(new ListNewestLogsQuery(Of(user), limit, offset)).IsValid, Is.True);

    [TestCase(null, 0, 0, "limit", "must be 1 to 1000")]
    [TestCase(null, 1001, 0, "limit", "must be 1 to 1000")]
    [TestCase(null, int.MinValue, 0, "limit", "must be 1 to 1000")]
    [TestCase(null, 1, -1, "offset", "must be 0 or more")]
    [TestCase("u", 1, -1, "offset", "must be 0 or more")]
    [TestCase("u", 1, 10_001, "offset", "must be 0 to 10000 with conditions such as user_id; GET /api/v1/logs leads further back")]
    [TestCase("", 1, 0, "user_id", "is required: 1 to 128 characters")]
    [TestCase("a|b", 1, 0, "user_id", "must not contain '|', which separates the fields of the hashed text")]
    public void Validate_BeyondLimits_NamesTheFieldAndWhatItAccepts(string? user, int limit, int offset, string field, string message)
    {
        var failures = Validator.Validate(new ListNewestLogsQuery(Of(user), limit, offset)).ToDictionary();
        Assert.That(failures.Keys, Is.EqualTo([field]));
        Assert.That(failures[field], Is.EqualTo([message]));
    }

    private static LogFilterRequest Odd { get; } = new() { Text = "odd" };

    private static LogFilterRequest Of(string? user) => new() { UserId = user };

    private ListNewestLogsQueryHandler Handler(MemorySearch search, int scanEntries = 500_000) =>
        new(_logs.Object, search, Options.Create(new SearchOptions { ScanEntries = scanEntries }));
}
