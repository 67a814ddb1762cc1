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

    private CreateLogCommandHandler Handler() => new(_logs.Object, Given.Hasher, Given.Mapper, new FakeTimeProvider(Given.Now));
}
