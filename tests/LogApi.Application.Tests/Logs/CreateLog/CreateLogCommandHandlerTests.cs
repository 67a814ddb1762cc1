using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.CreateLog;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace LogApi.Application.Tests.Logs.CreateLog;

public sealed class CreateLogCommandHandlerTests
{
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);
    private LogEntry? _appended;
    private NewEntry? _sent;

    [Test]
    public async Task Handle_Append_StoresTheHashedEntryAndServesTheSame()
    {
        using var cancellation = new CancellationTokenSource();
        _logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, cancellation.Token))
            .Callback((IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) => _appended = entries.Single().Entry)
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 41)]);

        var result = await Handler().Handle(new CreateLogCommand("u", "a|b", "SUCCESS"), cancellation.Token);

        Assert.That(result.TryGet(out var served, out _), Is.True);
        var stored = _appended!;
        Assert.That(stored.Timestamp.Text, Is.EqualTo("2026-03-01T12:30:15.123456Z"), "the injected clock's time");
        Assert.That(
            stored.Hash,
            Is.EqualTo(Given.Hasher.Hash(UserId.Create("u"), QueryText.Create("a|b"), LogStatus.Create("SUCCESS"), stored.Timestamp)),
            "the injected hasher's hash");
        Assert.Multiple(() =>
        {
            Assert.That(served!.Id, Is.EqualTo(stored.Id.ToString()));
            Assert.That(served.UserId, Is.EqualTo("u"));
            Assert.That(served.Query, Is.EqualTo("a|b"));
            Assert.That(served.Status, Is.EqualTo("SUCCESS"));
            Assert.That(served.Timestamp, Is.EqualTo(stored.Timestamp.Text));
            Assert.That(served.Hash, Is.EqualTo(stored.Hash.Hex));
            Assert.That(served.Seq, Is.EqualTo(41));
        });
        _logs.Verify(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()), Times.Once, "never a second entry");
    }

    [Test]
    public async Task Handle_IdAndContext_AreStoredAndServed()
    {
        SetUpAppend(_ => new Appended(AppendOutcome.Stored, 7));
        var id = LogId.NewAt(Given.Now);

        var result = await Handler().Handle(
            new CreateLogCommand("u", "q", "SUCCESS")
            {
                Id = id.ToString().ToUpperInvariant(),
                OccurredAt = "2026-03-01T13:30:00.1234567+01:00",
                Attributes = [new("b", "2"), new("a", "1")],
            },
            CancellationToken.None);

        Assert.That(result.TryGet(out var served, out _), Is.True);
        Assert.That(_appended!.Id, Is.EqualTo(id));
        Assert.That(_sent!.MayExist, Is.True);
        Assert.That(served!.Id, Is.EqualTo(id.ToString()));
        Assert.That(served.OccurredAt, Is.EqualTo("2026-03-01T12:30:00.123456Z"));
        Assert.That(served.Attributes, Is.EqualTo(new KeyValuePair<string, string>[] { new("a", "1"), new("b", "2") }));
    }

    [Test]
    public async Task Handle_NoIdAndNoContext_ServesNone()
    {
        SetUpAppend(_ => new Appended(AppendOutcome.Stored, 7));

        var result = await Handler().Handle(new CreateLogCommand("u", "q", "SUCCESS"), CancellationToken.None);

        Assert.That(result.TryGet(out var served, out _), Is.True);
        Assert.That(_sent!.MayExist, Is.False);
        Assert.That(served!.OccurredAt, Is.Null);
        Assert.That(served.Attributes, Is.Null);
    }

    [Test]
    public async Task Handle_KnownIdWithTheSameContent_ServesTheFirstEntry()
    {
        var first = LogEntry.Create(
            UserId.Create("u"), QueryText.Create("q"), LogStatus.Create("SUCCESS"), Given.Now.AddHours(-1), Given.Hasher);
        SetUpAppend(_ => new Appended(AppendOutcome.Known, 3, EntryRecord.Encode(first)));

        var result = await Handler().Handle(
            new CreateLogCommand("u", "q", "SUCCESS") { Id = first.Id.ToString() }, CancellationToken.None);

        Assert.That(result.TryGet(out var served, out _), Is.True);
        Assert.That(served!.Seq, Is.EqualTo(3));
        Assert.That(served.Timestamp, Is.EqualTo(first.Timestamp.Text));
        Assert.That(served.Hash, Is.EqualTo(first.Hash.Hex));
    }

    [TestCase("other", "q", "SUCCESS")]
    [TestCase("u", "other", "SUCCESS")]
    [TestCase("u", "q", "OTHER")]
    public async Task Handle_KnownIdWithOtherContent_IsAConflict(string user, string query, string status)
    {
        var first = Given.Entry(user, query, status);
        SetUpAppend(_ => new Appended(AppendOutcome.Known, 3, EntryRecord.Encode(first)));

        var result = await Handler().Handle(
            new CreateLogCommand("u", "q", "SUCCESS") { Id = first.Id.ToString() }, CancellationToken.None);

        Assert.That(result.Error, Is.TypeOf<IdConflictError>());
    }

    [Test]
    public async Task Handle_KnownIdWhoseRecordIsGone_IsAConflictThatSaysSo()
    {
        SetUpAppend(_ => new Appended(AppendOutcome.Known, 0));

        var result = await Handler().Handle(
            new CreateLogCommand("u", "q", "SUCCESS") { Id = Guid.NewGuid().ToString() }, CancellationToken.None);

        Assert.That(result.Error, Is.TypeOf<IdConflictError>().With.Property("Detail").Contains("its record is gone from the store"));
    }

    [Test]
    public async Task Handle_KnownIdWhoseEntryWasDropped_SaysSo()
    {
        SetUpAppend(_ => new Appended(AppendOutcome.Dropped, -1));

        var result = await Handler().Handle(
            new CreateLogCommand("u", "q", "SUCCESS") { Id = Guid.NewGuid().ToString() }, CancellationToken.None);

        Assert.That(result.Error, Is.TypeOf<EntryDroppedError>());
    }

    [TestCase(StoreFailure.Unreachable)]
    [TestCase(StoreFailure.Overloaded)]
    [TestCase(StoreFailure.OutcomeUnknown)]
    public async Task Handle_AppendFails_PassesTheFailureOnUnchanged(StoreFailure reason)
    {
        var failure = new StoreUnavailableException(reason, Given.Entry().Id);
        _logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>())).ThrowsAsync(failure);

        var thrown = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => Handler().Handle(new CreateLogCommand("u", "q", "SUCCESS"), CancellationToken.None));

        Assert.That(thrown, Is.SameAs(failure));
        _logs.Verify(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()), Times.Once, "no retry up here");
    }

    [Test]
    public async Task Handle_Cancelled_PassesTheCancellationOn()
    {
        _logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>())).ThrowsAsync(new OperationCanceledException());
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => Handler().Handle(new CreateLogCommand("u", "q", "SUCCESS"), new CancellationToken(canceled: true)));
    }

    private void SetUpAppend(Func<LogEntry, Appended> answer) => _logs
        .Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
        .ReturnsAsync((IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) =>
        {
            _sent = entries.Single();
            _appended = _sent.Entry;
            return [answer(_sent.Entry)];
        });

    private CreateLogCommandHandler Handler() => new(_logs.Object, Mock.Of<IIdempotencyStore>(MockBehavior.Strict), Given.Hasher, Given.Mapper, new FakeTimeProvider(Given.Now));
}
