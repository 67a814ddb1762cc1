using System.Globalization;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Application.Logs.CreateLogs;
using LogApi.Application.Tests.Common.Idempotency;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Application.Tests.Logs.CreateLogs;

public sealed class CreateLogsIdempotencyTests
{
    private FakeTimeProvider _time;
    private FakeIdempotencyStore _requests;
    private FakeLogRepository _logs;
    private EntryHasher _hasher;

    [SetUp]
    public void Start()
    {
        _time = new FakeTimeProvider(Given.Now);
        _requests = new FakeIdempotencyStore(_time);
        _logs = new FakeLogRepository();
        _hasher = Given.Hasher;
    }

    [Test]
    public async Task Handle_SameRequestAgain_StoresNothingMoreAndGivesTheSameAnswer()
    {
        var earlier = Guid.NewGuid().ToString();
        await SendAsync("other", new LogItem { Id = earlier, Query = "q", Status = "OK" });
        _time.Advance(TimeSpan.FromMinutes(1));
        LogItem?[] items =
        [
            Item(0), null, new LogItem { Query = "" }, new LogItem { Id = earlier, Query = "q", Status = "OK" },
            new LogItem { Id = earlier, Query = "not q", Status = "OK" }, new LogItem { Id = Guid.NewGuid().ToString(), Query = "q", Status = "OK" }, Item(6),
        ];

        var first = await SendAsync("key", items);
        var stored = _logs.Entries.Count;
        _time.Advance(TimeSpan.FromHours(1));
        var second = await SendAsync("key", items);

        Assert.That(first!.IsReplay, Is.False);
        Assert.That(second!.IsReplay, Is.True);
        Assert.That(_logs.Entries, Has.Count.EqualTo(stored));
        AssertSame(second.Results, first.Results);
        Assert.That(first.Results.Select(result => result.IsStored), Is.EqualTo(new[] { true, false, false, true, false, true, true }));
    }

    [Test]
    public async Task Handle_SomeWereRedactedSince_AreConflictsAndTheOthersTheSame([Values] bool isAnswered)
    {
        _requests.LosesOutcomes = !isAnswered;
        var first = await SendAsync("key", Items(600));
        int[] redacted = [0, 299, 599];
        foreach (var place in redacted) _logs.Redact(place);

        var second = await SendAsync("key", Items(600));

        Assert.That(second!.IsReplay, Is.EqualTo(isAnswered));
        Assert.That(_logs.Entries, Has.Count.EqualTo(600));
        foreach (var (place, result) in second.Results.Index())
        {
            if (redacted.Contains(place)) Assert.That(result.Error, Is.TypeOf<IdConflictError>());
            else Assert.That(result, Is.EqualTo(first!.Results[place]));
        }
    }

    [Test]
    public async Task Handle_OtherBody_IsRefusedAndStoresNothing([Values(1, 299, 300, 301, 700)] int count)
    {
        await SendAsync("key", Items(300));

        var items = Items(count);
        if (count == 300) items[299] = new LogItem { Query = "other", Status = "OK" };
        var error = await ErrorOfAsync("key", items);

        Assert.That(error, Is.TypeOf<IdempotencyKeyReusedError>());
        Assert.That(_logs.Entries, Has.Count.EqualTo(300));
    }

    [Test]
    public async Task Handle_DiedBeforeTheOutcomeWasRemembered_TheRetryFinishesTheSameEntries([Values(0, 1, 3)] int storedUnits)
    {
        _requests.LosesOutcomes = true;
        _logs.Before = call =>
        {
            if (call >= storedUnits) throw new InvalidOperationException("The process dies.");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync("key", Items(1000)));
        var before = _logs.Entries.ToList();
        _requests.LosesOutcomes = false;
        _logs.Before = _ => { };
        _time.Advance(TimeSpan.FromMinutes(5));

        var retry = await SendAsync("key", Items(1000));
        var replay = await SendAsync("key", Items(1000));

        Assert.That(_logs.Entries, Has.Count.EqualTo(1000));
        Assert.That(_logs.Entries.Take(before.Count), Is.EqualTo(before));
        Assert.That(_logs.Entries.Select(entry => entry.Query.Value), Is.EqualTo(Items(1000).Select(item => item!.Query)));
        var late = LogTimestamp.From(_time.GetUtcNow());
        Assert.That(before.Select(entry => entry.Timestamp), Is.All.EqualTo(LogTimestamp.From(Given.Now)));
        Assert.That(_logs.Entries.Skip(before.Count).Select(entry => entry.Timestamp), Is.All.EqualTo(late), "when they were stored");
        Assert.That(retry!.IsReplay, Is.False);
        Assert.That(replay!.IsReplay, Is.True);
        AssertSame(replay.Results, retry.Results);
        Assert.That(retry.Results.Select(result => result.Sequence), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [TestCase(false, StoreFailure.Unreachable)]
    [TestCase(true, StoreFailure.OutcomeUnknown)]
    public async Task Handle_StoreFailsMidway_TheRetryStoresTheRestOnce(bool afterStoring, StoreFailure reason)
    {
        Action<int> fail = call =>
        {
            if (call == 1) throw new StoreUnavailableException(reason);
        };
        if (afterStoring) _logs.After = fail;
        else _logs.Before = fail;

        var first = await SendAsync("key", Items(1000));
        var retry = await SendAsync("key", Items(1000));

        Assert.That(first!.Results.Count(result => result.IsStored), Is.InRange(1, 999));
        Assert.That(retry!.IsReplay, Is.False);
        Assert.That(retry.Results.Select(result => result.IsStored), Is.All.True);
        Assert.That(_logs.Entries, Has.Count.EqualTo(1000));
        Assert.That(_logs.Entries.Select(entry => entry.Id), Is.Unique);
    }

    [Test]
    public async Task Handle_SecretChangedBetweenAttempts_RepeatsTheHashesThatAreStored()
    {
        _logs.Before = call =>
        {
            if (call == 2) throw new StoreUnavailableException(StoreFailure.Unreachable);
        };
        await SendAsync("key", Items(1000));
        _logs.Before = _ => { };
        _hasher = Given.Rotated;

        var retry = await SendAsync("key", Items(1000));
        var replay = await SendAsync("key", Items(1000));

        var secrets = _logs.Entries.Select(entry => Given.Rotated.Of(entry)!.SecretId).Distinct();
        Assert.That(secrets, Is.EquivalentTo(new[] { Given.Hasher.SecretId, Given.Rotated.SecretId }), "some with each secret");
        Assert.That(replay!.IsReplay, Is.True);
        AssertSame(replay.Results, retry!.Results);
        Assert.That(replay.Results.Select(result => result.Hash), Is.EqualTo(replay.Results.Select(result => _logs.Entries[(int)result.Sequence].Hash)));
    }

    [Test]
    public async Task Handle_SecretNoLongerKnownOrRecordChanged_IsRefusedAndStoresNothing([Values] bool isDamaged)
    {
        await SendAsync("key", Items(3));
        _requests.IsDamaged = isDamaged;
        if (!isDamaged) _hasher = Given.OtherHasher;

        Assert.That(await ErrorOfAsync("key", Items(3)), Is.TypeOf<RequestRecordDamagedError>());
        Assert.That(_logs.Entries, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Handle_RetryWithAnotherBody_FindsTheFirstOnesEntriesAndStoresNoneOfItsOwn()
    {
        _logs.Before = call =>
        {
            if (call == 2) throw new StoreUnavailableException(StoreFailure.Unreachable);
        };
        await SendAsync("key", Items(1000));
        var stored = _logs.Entries.Count;

        var error = await ErrorOfAsync("key", [.. Items(1000).Select(item => new LogItem { Query = item!.Query + " other", Status = "OK" })]);

        Assert.That(error, Is.TypeOf<IdempotencyKeyReusedError>());
        Assert.That(_logs.Entries, Has.Count.EqualTo(stored));
    }

    [Test]
    public async Task Handle_FirstIsUnderWay_SaysWhenToComeAgain()
    {
        var gate = new TaskCompletionSource();
        var first = Handler().Handle(Command("key", new WaitingItems(gate.Task, Items(3))), default);

        var error = await ErrorOfAsync("key", Items(3));
        gate.SetResult();

        Assert.That(error, Is.EqualTo(new RequestInProgressError(TimeSpan.FromSeconds(5))));
        Assert.That((await first).TryGet(out var response, out _), Is.True);
        Assert.That(response!.Results, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Handle_ClaimIsLost_SendsNothingMore()
    {
        _requests.LosesClaims = true;

        var response = await SendAsync("key", Items(3));

        Assert.That(response!.Results.Select(result => (result.Error as StoreUnavailableError)?.Reason), Is.All.EqualTo(StoreFailure.Unreachable));
        Assert.That(_logs.Entries, Is.Empty);
    }

    [Test]
    public async Task Handle_BodyNotReadToItsEnd_IsNotRemembered()
    {
        var broken = new CreateLogsCommand(UserId.Create("u"), new ItemList(Items(3)), Key("key"));
        await Handler().Handle(broken, default);

        var whole = await SendAsync("key", Items(5));

        Assert.That(whole!.Results.Select(result => result.Sequence), Is.EqualTo(Enumerable.Range(0, 5)));
        Assert.That(_logs.Entries, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Handle_AttemptThatStoredNothing_GivesNoTimeToALaterOne()
    {
        await Handler().Handle(new CreateLogsCommand(UserId.Create("u"), new ItemList([]), Key("key")), default);
        _time.Advance(TimeSpan.FromHours(20));

        await SendAsync("key", Items(3));

        Assert.That(_logs.Entries.Select(entry => entry.Timestamp), Is.All.EqualTo(LogTimestamp.From(_time.GetUtcNow())));
    }

    [Test]
    public async Task Handle_PartStoredLongAgo_TheRestHasItsOwnTimeAlsoWhenReplayed()
    {
        await Handler().Handle(new CreateLogsCommand(UserId.Create("u"), new ItemList(Items(2)), Key("key")), default);
        _time.Advance(TimeSpan.FromHours(20));
        var late = LogTimestamp.From(_time.GetUtcNow());

        var retry = await SendAsync("key", Items(4));
        _time.Advance(TimeSpan.FromHours(1));
        var replay = await SendAsync("key", Items(4));

        var early = LogTimestamp.From(Given.Now);
        Assert.That(_logs.Entries.Select(entry => entry.Timestamp), Is.EqualTo(new[] { early, early, late, late }));
        Assert.That(retry!.Results.Select(result => result.Sequence), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(retry.Results.Select(result => result.Hash), Is.EqualTo(_logs.Entries.Select(entry => entry.Hash)));
        Assert.That(replay!.IsReplay, Is.True);
        AssertSame(replay.Results, retry.Results);
    }

    [Test]
    public async Task Handle_BodyComesSlowly_NoEntryIsMuchOlderThanItsArrival()
    {
        var arrived = new List<DateTimeOffset>();
        var items = new SlowItems(_time, TimeSpan.FromSeconds(40), arrived, Items(6));

        var first = await Handler().Handle(Command("key", items), default);
        _time.Advance(TimeSpan.FromHours(1));
        var replay = await Handler().Handle(Command("key", new SlowItems(_time, TimeSpan.Zero, [], Items(6))), default);

        var ages = _logs.Entries.Select((entry, i) => arrived[i].UtcDateTime - entry.Timestamp.Utc).ToList();
        Assert.That(ages, Is.All.InRange(TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.That((replay.TryGet(out var again, out _), again!.IsReplay), Is.EqualTo((true, true)));
        Assert.That(first.TryGet(out var response, out _), Is.True);
        AssertSame(again.Results, response!.Results);
    }

    private static void AssertSame(IReadOnlyList<CreateLogResult> actual, IReadOnlyList<CreateLogResult> expected)
    {
        Assert.That(
            actual.Select(result => (result.Id, result.Sequence, result.Hash, Text(result.Error))),
            Is.EqualTo(expected.Select(result => (result.Id, result.Sequence, result.Hash, Text(result.Error)))));

        static string? Text(Error? error) => error is InvalidRequestError invalid ? string.Join(',', invalid.Failures.Keys) : error?.ToString();
    }

    private static LogItem?[] Items(int count) => [.. Enumerable.Range(0, count).Select(Item)];

    private static LogItem Item(int number) => new() { Query = number.ToString(CultureInfo.InvariantCulture), Status = "OK" };

    private static IdempotencyKey Key(string text) => IdempotencyKey.TryParse(text, out var key) ? key : throw new ArgumentException("No key.", nameof(text));

    private static CreateLogsCommand Command(string key, ILogItems items) => new(UserId.Create("u"), items, Key(key));

    // The digest stands for the body, as the reader's does.
    private static ItemList Body(LogItem?[] items) => new(items)
    {
        BodyDigest = Encoding.UTF8.GetBytes(string.Join('\n', items.Select(item => $"{item?.Id}|{item?.Query}|{item?.Status}"))),
    };

    private async Task<CreateLogsResponse?> SendAsync(string key, params LogItem?[] items)
    {
        var result = await Handler().Handle(Command(key, Body(items)), default);
        return result.TryGet(out var response, out var error) ? response : throw new InvalidOperationException(error!.ToString());
    }

    private async Task<Error?> ErrorOfAsync(string key, LogItem?[] items) => (await Handler().Handle(Command(key, Body(items)), default)).Error;

    private CreateLogsCommandHandler Handler() => new(_logs.Object, _requests, _hasher, _time);

    private sealed class SlowItems(FakeTimeProvider time, TimeSpan pause, List<DateTimeOffset> arrived, LogItem?[] items) : ILogItems
    {
        private readonly ItemList _items = new(items);

        public ReadOnlyMemory<byte> BodyDigest => "digest"u8.ToArray();

        public ValueTask<bool> ReadAsync(IList<LogItem?> read, int maxCount, CancellationToken cancellationToken)
        {
            time.Advance(pause);
            arrived.Add(time.GetUtcNow());
            return _items.ReadAsync(read, 1, cancellationToken);
        }
    }

    private sealed class WaitingItems(Task gate, LogItem?[] items) : ILogItems
    {
        private readonly ItemList _items = new(items);

        public ReadOnlyMemory<byte> BodyDigest => "digest"u8.ToArray();

        public async ValueTask<bool> ReadAsync(IList<LogItem?> read, int maxCount, CancellationToken cancellationToken)
        {
            await gate;
            return await _items.ReadAsync(read, maxCount, cancellationToken);
        }
    }
}
