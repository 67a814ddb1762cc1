using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.VerifyLog;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using Moq;

namespace LogApi.Application.Tests.Logs.VerifyLog;

public sealed class VerifyLogQueryTests
{
    private readonly LogEntry _entry = Given.Entry();
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);

    [Test]
    public async Task Handle_UnchangedRecord_IsValidWithItsToken()
    {
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That(verification.Valid, Is.True);
        Assert.That(verification.VerificationToken, Is.EqualTo(Given.Hasher.VerificationToken(_entry.Id, _entry.Hash).Hex));
        Assert.That(verification.Error, Is.Null);
    }

    [Test]
    public async Task Handle_ChangedRecord_IsInvalidWithAReasonAndNoToken()
    {
        var record = EntryRecord.Encode(_entry);
        record[Array.IndexOf(record, (byte)'S')] = (byte)'s';
        var verification = (await VerifyAsync(record)).Verification;
        Assert.That(verification.Valid, Is.False);
        Assert.That(verification.VerificationToken, Is.Null);
        Assert.That(verification.Error, Does.Contain("hash mismatch"));
    }

    [Test]
    public async Task Handle_RecordGone_IsInvalidNotUnknown() =>
        Assert.That((await VerifyAsync([])).Verification.Error, Does.Contain("gone"));

    [Test]
    public async Task Handle_IdNeverStored_IsNotFound()
    {
        _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.NeverStored);
        var result = await Handler().Handle(new VerifyLogQuery(_entry.Id.ToString()), CancellationToken.None);
        Assert.That(result.TryGet(out _, out var error), Is.False);
        Assert.That(error, Is.TypeOf<NotFoundError>());
        Assert.That(((NotFoundError)error!).Detail, Does.Contain(_entry.Id.ToString()));
    }

    [Test]
    public async Task Handle_EntryWasDropped_IsDroppedNotUnknown()
    {
        _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.Dropped);
        var result = await Handler().Handle(new VerifyLogQuery(_entry.Id.ToString()), CancellationToken.None);
        Assert.That(result.TryGet(out _, out var error), Is.False);
        Assert.That(error, Is.TypeOf<EntryDroppedError>());
        Assert.That(((EntryDroppedError)error!).Detail, Does.Contain(_entry.Id.ToString()));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("not-a-uuid")]
    public void Validate_NoUuid_NamesTheField(string? id)
    {
        var failures = new VerifyLogQueryValidator().Validate(new VerifyLogQuery(id)).ToDictionary();
        Assert.That(failures.Keys, Is.EqualTo(["log_id"]));
        Assert.That(failures["log_id"], Is.EqualTo([LogId.Check(id)]));
    }

    private VerifyLogQueryHandler Handler() => new(_logs.Object, Given.Hasher);

    private async Task<VerifyLogResponse> VerifyAsync(byte[] record)
    {
        var tag = Given.Hasher.Tag(_entry).Bytes.ToArray();
        _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(7, record), tag)));
        var result = await Handler().Handle(new VerifyLogQuery(_entry.Id.ToString().ToUpperInvariant()), CancellationToken.None);
        Assert.That(result.TryGet(out var answer, out _), Is.True);
        Assert.That(answer!.LogId, Is.EqualTo(_entry.Id.ToString()), "the id in the form it is stored in");
        return answer;
    }
}
