using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Application.Logs;
using LogApi.Application.Logs.CreateLog;
using LogApi.Application.Tests.Common.Idempotency;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Application.Tests.Logs.CreateLog;

public sealed class CreateLogIdempotencyTests
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
    public async Task Handle_SameRequestAgain_GivesTheSameEntryAndStoresNothing()
    {
        KeyValuePair<string, string?>[] pairs = [new("b", "2"), new("a", "1")];
        var first = await SendAsync(Command() with { Attributes = pairs });
        _time.Advance(TimeSpan.FromHours(1));
        var second = await SendAsync(Command() with { Attributes = [.. pairs.Reverse()] });

        Assert.That(_logs.Entries, Has.Count.EqualTo(1));
        Assert.That((first.IsReplay, second.IsReplay), Is.EqualTo((false, true)));
        Assert.That(second with { IsReplay = false, Attributes = null }, Is.EqualTo(first with { Attributes = null }));
        Assert.That(second.Attributes, Is.EqualTo(first.Attributes));
    }

    [Test]
    public async Task Handle_EntryWasRedactedSince_IsAConflictAndStoresNothing([Values] bool isAnswered)
    {
        _requests.LosesOutcomes = !isAnswered;
        await SendAsync(Command());
        _logs.Redact(0);

        var error = (await Handler().Handle(Command(), default)).Error;

        Assert.That(error, Is.TypeOf<IdConflictError>());
        Assert.That(((IdConflictError)error!).Detail, Does.Contain("redacted"));
        Assert.That(_logs.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Handle_OtherUserOrKey_IsAnotherRequest()
    {
        await SendAsync(Command());
        await SendAsync(Command() with { UserId = "other" });
        await SendAsync(Command() with { Key = Key("other") });

        Assert.That(_logs.Entries, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Handle_OtherBody_IsRefusedWhateverBecameOfTheFirst([Values] bool isAnswered)
    {
        _requests.LosesOutcomes = !isAnswered;
        await SendAsync(Command());
        CreateLogCommand[] others =
        [
            Command() with { Query = "other" }, Command() with { Status = "OTHER" }, Command() with { OccurredAt = "2026-03-01T00:00:00Z" },
            Command() with { Id = Guid.NewGuid().ToString() }, Command() with { Attributes = [new("a", "1")] },
        ];

        foreach (var other in others) Assert.That((await Handler().Handle(other, default)).Error, Is.TypeOf<IdempotencyKeyReusedError>());
        Assert.That(_logs.Entries, Has.Count.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Handle_StoreFails_TheRetryStoresItOnce(bool afterStoring)
    {
        Action<int> fail = call =>
        {
            if (call == 0) throw new StoreUnavailableException(afterStoring ? StoreFailure.OutcomeUnknown : StoreFailure.Unreachable);
        };
        if (afterStoring) _logs.After = fail;
        else _logs.Before = fail;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(Command()));
        _time.Advance(TimeSpan.FromMinutes(1));

        var retry = await SendAsync(Command());

        var stored = afterStoring ? Given.Now : _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_logs.Entries.Single().Id.ToString(), Is.EqualTo(retry.Id));
        Assert.That(_logs.Entries.Single().Timestamp, Is.EqualTo(LogTimestamp.From(stored)));
        Assert.That(retry.IsReplay, Is.False);
        Assert.That(await SendAsync(Command()), Is.EqualTo(retry with { IsReplay = true }));
    }

    [Test]
    public async Task Handle_DiedBeforeTheOutcomeWasRemembered_GivesTheSameEntry()
    {
        _requests.LosesOutcomes = true;
        var first = await SendAsync(Command());
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await SendAsync(Command()), Is.EqualTo(first));
        Assert.That(_logs.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Handle_OwnIdStoredBefore_IsReplayedAsItWasAnswered()
    {
        var id = Guid.NewGuid().ToString();
        var earlier = await SendAsync(Command() with { Id = id, Key = null });
        _time.Advance(TimeSpan.FromMinutes(1));

        var first = await SendAsync(Command() with { Id = id });
        var replay = await SendAsync(Command() with { Id = id });
        var conflict = Command() with { Id = id, Query = "other", Key = Key("other") };

        Assert.That(first, Is.EqualTo(earlier));
        Assert.That(replay, Is.EqualTo(earlier with { IsReplay = true }));
        for (var round = 0; round < 2; round++) Assert.That((await Handler().Handle(conflict, default)).Error, Is.TypeOf<IdConflictError>());
    }

    [Test]
    public async Task Handle_SecretChangedSince_RepeatsTheHashThatIsStored([Values] bool ownId)
    {
        var command = ownId ? Command() with { Id = Guid.NewGuid().ToString() } : Command();
        if (ownId) await SendAsync(command with { Key = null });
        _time.Advance(TimeSpan.FromMinutes(2));
        var first = await SendAsync(command);

        _hasher = Given.Rotated;
        _time.Advance(TimeSpan.FromMinutes(2));
        var replay = await SendAsync(command);

        Assert.That(replay, Is.EqualTo(first with { IsReplay = true }));
        Assert.That(replay.Hash, Is.EqualTo(_logs.Entries.Single().Hash.Hex));
    }

    [Test]
    public async Task Handle_SecretChangedBeforeTheRetry_RepeatsTheHashThatIsStored()
    {
        _requests.LosesOutcomes = true;
        var first = await SendAsync(Command());
        _requests.LosesOutcomes = false;

        _hasher = Given.Rotated;
        var retry = await SendAsync(Command());
        var replay = await SendAsync(Command());

        Assert.That(retry, Is.EqualTo(first));
        Assert.That(replay, Is.EqualTo(first with { IsReplay = true }));
    }

    [Test]
    public async Task Handle_SecretIsNoLongerKnown_IsRefusedInsteadOfAnsweredWithAnotherHash()
    {
        await SendAsync(Command());

        _hasher = Given.OtherHasher;

        Assert.That((await Handler().Handle(Command(), default)).Error, Is.TypeOf<RequestRecordDamagedError>());
        Assert.That(_logs.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Handle_RecordWasChangedInTheStore_IsRefusedAndStoresNothing()
    {
        await SendAsync(Command());
        _requests.IsDamaged = true;

        Assert.That((await Handler().Handle(Command(), default)).Error, Is.TypeOf<RequestRecordDamagedError>());
        Assert.That(_logs.Entries, Has.Count.EqualTo(1));
    }

    private static IdempotencyKey Key(string text) => IdempotencyKey.TryParse(text, out var key) ? key : throw new ArgumentException("No key.", nameof(text));

    private static CreateLogCommand Command() => new("u", "q", "SUCCESS") { Key = Key("key") };

    private async Task<LogEntryResponse> SendAsync(CreateLogCommand command)
    {
        var result = await Handler().Handle(command, default);
        return result.TryGet(out var served, out var error) ? served : throw new InvalidOperationException(error!.ToString());
    }

    private CreateLogCommandHandler Handler() => new(_logs.Object, _requests, _hasher, Given.Mapper, _time);
}
