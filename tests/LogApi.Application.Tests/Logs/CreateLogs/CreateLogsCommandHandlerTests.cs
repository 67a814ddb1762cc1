using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.CreateLogs;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace LogApi.Application.Tests.Logs.CreateLogs;

public sealed class CreateLogsCommandHandlerTests
{
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);
    private readonly List<IReadOnlyList<NewEntry>> _calls = [];

    [Test]
    public async Task Handle_ManyItems_AppendsThemInTheirOrderAndGivesAResultForEach()
    {
        SetUpAppend();
        var items = Enumerable.Range(0, 1000).Select(i => Item(i)).ToArray();

        var results = await HandleAsync(items);

        var entries = _calls.SelectMany(call => call).Select(added => added.Entry).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(entries.Select(entry => entry.Query.Value), Is.EqualTo(items.Select(item => item.Query)));
            Assert.That(_calls.Select(call => call.Count), Is.All.LessThanOrEqualTo(NewEntry.MaxPerCall));
            Assert.That(_calls, Has.Count.LessThan(10));
            Assert.That(results.Select(result => result.Sequence), Is.EqualTo(Enumerable.Range(0, 1000)));
            Assert.That(results.Select(result => result.Id), Is.EqualTo(entries.Select(entry => entry.Id)));
            Assert.That(results.Select(result => result.Hash), Is.EqualTo(entries.Select(entry => entry.Hash)));
            Assert.That(entries.Select(entry => entry.Timestamp), Is.All.EqualTo(LogTimestamp.From(Given.Now)));
        });
    }

    [Test]
    public async Task Handle_LargeItems_KeepsEachCallWithinItsBytes()
    {
        SetUpAppend();
        var query = new string('q', QueryText.MaxBytes);

        var results = await HandleAsync([.. Enumerable.Repeat(new LogItem { Query = query, Status = "OK" }, 50)]);

        Assert.That(results.Select(result => result.Sequence), Is.EqualTo(Enumerable.Range(0, 50)));
        Assert.That(_calls.Select(call => call.Sum(added => added.Record.Length)), Is.All.LessThanOrEqualTo(NewEntry.MaxBytesPerCall));
    }

    [Test]
    public async Task Handle_ItemsThatBreakRules_AreRejectedByTheRulesOfASingleEntry()
    {
        SetUpAppend();
        var bad = new LogItem
        {
            Id = "no uuid", Query = "", Status = "a b", OccurredAt = "yesterday", Attributes = [new("", "value")],
        };

        var results = await HandleAsync(Item(0), bad, null, new LogItem(), Item(1));

        Assert.Multiple(() =>
        {
            Assert.That(results.Select(result => result.IsStored), Is.EqualTo(new[] { true, false, false, false, true }));
            Assert.That(results[4].Sequence, Is.EqualTo(1));
            Assert.That(((InvalidRequestError)results[1].Error!).Failures, Is.EquivalentTo(new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["id"] = [LogId.Check("no uuid")!],
                ["query"] = [QueryText.Check("")!],
                ["status"] = [LogStatus.Check("a b")!],
                ["occurred_at"] = [LogTimestamp.CheckInstant("yesterday")!],
                ["attributes"] = [LogAttributes.Check(bad.Attributes)!],
            }));
            Assert.That(results[2], Is.EqualTo(CreateLogResult.Rejected(null)), "its reader knows why");
            Assert.That(((InvalidRequestError)results[3].Error!).Failures.Keys, Is.EquivalentTo(new[] { "query", "status" }));
        });
    }

    [Test]
    public async Task Handle_ItemWithContextAndId_StoresAllOfIt()
    {
        SetUpAppend();
        var id = Guid.NewGuid().ToString();

        await HandleAsync(
            new LogItem { Id = id, Query = "q", Status = "OK", OccurredAt = "2026-03-01T12:00:00+02:00", Attributes = [new("b", "2"), new("a", "1")] });

        var added = _calls.Single().Single();
        Assert.Multiple(() =>
        {
            Assert.That(added.MayExist, Is.True);
            Assert.That(added.Entry.Id.ToString(), Is.EqualTo(id));
            Assert.That(added.Entry.OccurredAt!.Text, Is.EqualTo("2026-03-01T10:00:00.000000Z"));
            Assert.That(added.Entry.Attributes.Pairs.Select(pair => pair.Key), Is.EqualTo(new[] { "a", "b" }));
        });
    }

    [Test]
    public async Task Handle_IdStoredBefore_GivesTheFirstResultOnlyForTheSameContent()
    {
        var earlier = Given.Entry(query: "q", status: "OK");
        var ids = Enumerable.Range(0, 3).Select(_ => earlier.Id.ToString()).ToArray();
        var known = new Appended(AppendOutcome.Known, 7, EntryRecord.Encode(earlier));
        _logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Wait, It.IsAny<CancellationToken>()))
            .ReturnsAsync([known, known, new Appended(AppendOutcome.Dropped, -1)]);

        var results = await HandleAsync(
            new LogItem { Id = ids[0], Query = "q", Status = "OK" },
            new LogItem { Id = ids[1], Query = "other", Status = "OK" },
            new LogItem { Id = ids[2], Query = "q", Status = "OK" });

        Assert.Multiple(() =>
        {
            Assert.That(results[0], Is.EqualTo(new CreateLogResult(earlier.Id, 7, earlier.Hash, Error: null)));
            Assert.That(results[1].Error, Is.TypeOf<IdConflictError>());
            Assert.That(results[2].Error, Is.TypeOf<EntryDroppedError>());
        });
    }

    [TestCase(StoreFailure.Unreachable, StoreFailure.Unreachable)]
    [TestCase(StoreFailure.Overloaded, StoreFailure.Overloaded)]
    [TestCase(StoreFailure.OutcomeUnknown, StoreFailure.Unreachable)]
    public async Task Handle_StoreFailsMidway_TriesNoMoreAndSaysSoOfEachItem(StoreFailure reason, StoreFailure rest)
    {
        SetUpAppend(call => call == 1 ? throw new StoreUnavailableException(reason) : Task.CompletedTask);

        var results = await HandleAsync([.. Enumerable.Range(0, 5000).Select(i => i == 4999 ? new LogItem() : Item(i))]);

        var first = _calls[0].Count;
        var second = _calls[1].Count;
        var reasons = results.Select(result => (result.Error as StoreUnavailableError)?.Reason).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(results, Has.Count.EqualTo(5000));
            Assert.That(_calls, Has.Count.LessThan(8), "what follows is not tried");
            Assert.That(reasons.Take(first), Is.All.Null);
            Assert.That(reasons.Skip(first).Take(second), Is.All.EqualTo(reason));
            Assert.That(reasons[4998], Is.EqualTo(rest));
            Assert.That(results[4999].Error, Is.TypeOf<InvalidRequestError>(), "the rules hold whatever the store does");
            Assert.That(results.Take(first).All(result => result.IsStored), Is.True);
        });
    }

    [Test]
    public async Task Handle_StoreIsSlow_ReadsOnlyAFewUnitsAhead()
    {
        var gate = new TaskCompletionSource();
        SetUpAppend(_ => gate.Task);
        var handling = HandleAsync([.. Enumerable.Range(0, 5000).Select(i => Item(i))]);

        Assert.That(_calls, Has.Count.InRange(2, 8));
        Assert.That(handling.IsCompleted, Is.False);
        gate.SetResult();

        Assert.That((await handling).Count(result => result.IsStored), Is.EqualTo(5000));
    }

    [Test]
    public async Task Handle_Cancelled_WaitsForWhatIsUnderWay()
    {
        var gate = new TaskCompletionSource();
        SetUpAppend(_ => gate.Task);
        using var cancellation = new CancellationTokenSource();
        var handling = Handler().Handle(
            new CreateLogsCommand(UserId.Create("u"), new ItemList([.. Enumerable.Range(0, 5000).Select(i => Item(i))])), cancellation.Token);

        await cancellation.CancelAsync();
        Assert.That(handling.IsCompleted, Is.False);
        gate.SetException(new StoreUnavailableException(StoreFailure.Unreachable));

        await Assert.ThrowsAsync<OperationCanceledException>(() => handling);
    }

    private static LogItem Item(int number) => new() { Query = number.ToString(CultureInfo.InvariantCulture), Status = "OK" };

    private void SetUpAppend(Func<int, Task>? meanwhile = null)
    {
        var next = 0L;
        _logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Wait, It.IsAny<CancellationToken>()))
            .Returns(async (IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) =>
            {
                _calls.Add(entries);
                var first = next;
                next += entries.Count;
                if (meanwhile is not null) await meanwhile(_calls.Count - 1);
                return [.. entries.Select((_, i) => new Appended(AppendOutcome.Stored, first + i))];
            });
    }

    private async Task<IReadOnlyList<CreateLogResult>> HandleAsync(params LogItem?[] items)
    {
        var result = await Handler().Handle(new CreateLogsCommand(UserId.Create("u"), new ItemList(items)), default);
        Assert.That(result.TryGet(out var response, out _), Is.True);
        return response!.Results;
    }

    private CreateLogsCommandHandler Handler() => new(_logs.Object, Mock.Of<IIdempotencyStore>(MockBehavior.Strict), Given.Hasher, new FakeTimeProvider(Given.Now));
}
