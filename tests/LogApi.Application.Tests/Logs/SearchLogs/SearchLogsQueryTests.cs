using CsCheck;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs;
using LogApi.Application.Logs.SearchLogs;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Testing;
using Microsoft.Extensions.Options;
using Moq;

namespace LogApi.Application.Tests.Logs.SearchLogs;

public sealed class SearchLogsQueryTests
{
    private static readonly SearchLogsQueryValidator Validator = new();
    private static readonly SearchLogsQuery Any = new(new LogFilterRequest(), Order: null, Limit: 100, Cursor: null);

    [Test]
    public void Handle_AnySizesAndOrder_PagesGiveEveryMatchOnceInOrder() =>
        Gen.Select(Gen.Bool.Array[0, 60], Gen.Int[1, 7], Gen.Int[1, 9], Gen.Int[1, 20], Gen.Int[1, 2_000], Gen.Bool, Gen.Int[0, 5]).Sample(
            (matches, limit, stepEntries, budget, pageBytes, ascending, first) =>
            {
                var records = Records(matches);
                var options = new SearchOptions { ScanEntries = budget, PageBytes = pageBytes };
                var head = new LogHead("epoch", records.Length, Math.Min(first, records.Length));
                var query = Any with { Limit = limit, Order = ascending ? "asc" : "desc", Filter = new LogFilterRequest { UserId = "wanted" } };
                var seen = new List<long>();
                LogSearchPage page;
                do
                {
                    page = PageOf(query, head, new MemorySearch(records, stepEntries), options);
                    Assert.That(page.Records, Has.Count.LessThanOrEqualTo(limit));
                    seen.AddRange(page.Records.Select(record => record.Sequence));
                    query = query with { Cursor = page.NextCursor };
                }
                while (page.HasMore);

                var expected = Enumerable.Range(0, records.Length).Where(i => matches[i] && i >= head.First).Select(i => (long)i);
                Assert.That(seen, Is.EqualTo(ascending ? expected : expected.Reverse()));
            },
            iter: 300);

    [Test]
    public void Handle_NewestFirst_LastPageHasNoCursor()
    {
        var page = PageOf(Any, new LogHead("epoch", 2), new MemorySearch(Records(true, true)));

        Assert.That(page, Is.EqualTo(page with { NextCursor = null, HasMore = false }));
    }

    [Test]
    public void Handle_ExactlyAsManyAsTheLimit_HasNoMore()
    {
        var page = PageOf(Any with { Limit = 2 }, new LogHead("epoch", 2), new MemorySearch(Records(true, true)));

        Assert.That(page.Records, Has.Count.EqualTo(2));
        Assert.That(page.HasMore, Is.False);
    }

    [Test]
    public void Handle_OldestFirstAtTheEnd_CursorGivesWhatIsAddedLater()
    {
        var query = Any with { Order = "asc" };
        var page = PageOf(query, new LogHead("epoch", 2), new MemorySearch(Records(true, true)));
        Assert.That(page.HasMore, Is.False);

        var later = PageOf(query with { Cursor = page.NextCursor }, new LogHead("epoch", 3), new MemorySearch(Records(true, true, true)));

        Assert.That(later.Records.Select(record => record.Sequence), Is.EqualTo(new long[] { 2 }));
    }

    [Test]
    public void Handle_NothingMatches_StopsAtTheBudgetAndGoesOn()
    {
        var search = new MemorySearch(Records(new bool[100]), stepEntries: 10);
        var query = Any with { Filter = new LogFilterRequest { UserId = "wanted" } };

        var page = PageOf(query, new LogHead("epoch", 100), search, new SearchOptions { ScanEntries = 30 });

        Assert.That(page.Records, Is.Empty);
        Assert.That(page.HasMore, Is.True);
        Assert.That(search.Looked, Is.EqualTo(30));
        Assert.That(search.IsOver, Is.True);
        var next = PageOf(query with { Cursor = page.NextCursor }, new LogHead("epoch", 100), search);
        Assert.That(search.Scans[^1].End, Is.EqualTo(70));
        Assert.That(next.HasMore, Is.False);
    }

    [Test]
    public void Handle_NothingMatches_StopsAtTheBudgetOfBytes()
    {
        var search = new MemorySearch(Records(new bool[100]), stepEntries: 10);
        var query = Any with { Filter = new LogFilterRequest { UserId = "wanted" } };

        PageOf(query, new LogHead("epoch", 100), search, new SearchOptions { ScanBytes = 2_000 });

        Assert.That(search.Looked, Is.EqualTo(20));
    }

    [Test]
    public void Handle_EmptyLog_IsAnEmptyPage()
    {
        var page = PageOf(Any, new LogHead("", 0), new MemorySearch([]));

        Assert.That(page.Records, Is.Empty);
        Assert.That((page.HasMore, page.NextCursor), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public void Handle_CursorOfAnotherSearch_IsRefused()
    {
        var first = PageOf(Any with { Limit = 1 }, new LogHead("epoch", 2), new MemorySearch(Records(true, true)));
        var other = Any with { Cursor = first.NextCursor, Filter = new LogFilterRequest { Text = "x" } };

        var result = Handle(other, new LogHead("epoch", 2), new MemorySearch([]), new SearchOptions());

        Assert.That(((InvalidRequestError)result.Error!).Failures.Keys, Is.EqualTo(new[] { "cursor" }));
    }

    [Test]
    public void ToString_Query_DoesNotTellWhatIsLookedFor() =>
        Assert.That((Any with { Filter = new LogFilterRequest { Text = "secret" } }).ToString(), Does.Not.Contain("secret"));

    [TestCase(1)]
    [TestCase(1000)]
    public void Validate_EveryCondition_IsValid(int limit)
    {
        var filter = new LogFilterRequest
        {
            UserId = "ada", Statuses = ["OK", "ERROR"], From = "2026-03-01T00:00:00+02:00", To = "2026-03-01T00:00:00Z", Text = "a",
            Attributes = [KeyValuePair.Create("k", ""), KeyValuePair.Create("K", "v")],
        };

        Assert.That(Validator.Validate(new SearchLogsQuery(filter, "asc", limit, Cursor: null)).Errors, Is.Empty);
    }

    [TestCaseSource(nameof(Invalid))]
    public void Validate_BrokenRule_NamesTheFieldAndWhatItAccepts(SearchLogsQuery query, string field, string message)
    {
        var failures = Validator.Validate(query).ToDictionary();

        Assert.That(failures.Keys, Is.EqualTo(new[] { field }));
        Assert.That(failures[field], Has.One.Contains(message));
    }

    private static IEnumerable<TestCaseData> Invalid()
    {
        yield return Case(Any with { Limit = 0 }, "limit", "must be 1 to 1000");
        yield return Case(Any with { Limit = 1001 }, "limit", "must be 1 to 1000");
        yield return Case(Any with { Order = "up" }, "order", "must be desc (newest first) or asc (oldest first)");
        yield return Case(Any with { Cursor = "x" }, "cursor", "is not a cursor");
        yield return Case(With(new() { UserId = "" }), "user_id", "is required");
        yield return Case(With(new() { Statuses = ["OK", ""] }), "status", "is required");
        yield return Case(With(new() { Statuses = [.. Enumerable.Repeat("OK", 33)] }), "status", "at most 32");
        yield return Case(With(new() { From = "yesterday" }), "from", "RFC 3339");
        yield return Case(With(new() { To = "2026-03-01" }), "to", "RFC 3339");
        yield return Case(With(new() { From = "2026-03-02T00:00:00Z", To = "2026-03-01T00:00:00Z" }), "to", "must not be before 'from'");
        yield return Case(With(new() { Text = "" }), "q", "must be 1 to 1024 characters");
        yield return Case(With(new() { Attributes = [KeyValuePair.Create("", "v")] }), "attr.", "keys are 1 to 64");
        yield return Case(With(new() { Attributes = [KeyValuePair.Create("k", new string('v', 1025))] }), "attr.k", "at most 1024");
        yield return Case(
            With(new() { Attributes = [.. Enumerable.Range(0, 33).Select(i => KeyValuePair.Create($"k{i}", "v"))] }), "attr", "at most 32");

        static TestCaseData Case(SearchLogsQuery query, string field, string message) =>
            new TestCaseData(query, field, message).SetArgDisplayNames(field, message);

        static SearchLogsQuery With(LogFilterRequest filter) => Any with { Filter = filter };
    }

    private static ReadOnlyMemory<byte>[] Records(params bool[] matches) =>
        [.. matches.Select(wanted => (ReadOnlyMemory<byte>)EntryRecord.Encode(Given.Entry(wanted ? "wanted" : "other")))];

    private static LogSearchPage PageOf(SearchLogsQuery query, LogHead head, MemorySearch search, SearchOptions? options = null) =>
        Handle(query, head, search, options ?? new SearchOptions()).TryGet(out var page, out var error)
            ? page
            : throw new AssertionException(error.ToString());

    private static Result<LogSearchPage> Handle(SearchLogsQuery query, LogHead head, MemorySearch search, SearchOptions options)
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(head);
        return new SearchLogsQueryHandler(logs.Object, search, Options.Create(options)).Handle(query, CancellationToken.None).Result;
    }
}
