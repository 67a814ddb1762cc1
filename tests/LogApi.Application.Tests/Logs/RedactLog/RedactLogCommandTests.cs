using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.RedactLog;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using Moq;

namespace LogApi.Application.Tests.Logs.RedactLog;

public sealed class RedactLogCommandTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(0, LogLeaf.SaltSize).Select(i => (byte)i)];

    private readonly LogEntry _entry = Given.Entry();
    private readonly LogHead _head = new("epoch", 50, Redactions: 3);
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);
    private readonly Mock<ILogRedaction> _redactions = new(MockBehavior.Strict);

    public RedactLogCommandTests() => _redactions.Setup(port => port.SettleAsync(It.IsAny<CancellationToken>())).ReturnsAsync(_head);

    [Test]
    public async Task Handle_StoredEntry_IsErasedAndAnsweredWithWhatIsLeft()
    {
        Find(Stored(_entry));
        Redaction? redaction = null;
        Redact(RedactionOutcome.Done, given => redaction = given);

        var answer = await SendAsync();

        var commitment = LogLeaf.Of(_entry, Salt).Commitment;
        Assert.That(answer.TryGet(out var left, out _));
        Assert.That(left, Is.EqualTo(new RedactedLogResponse
        {
            Id = _entry.Id.ToString(), Timestamp = _entry.Timestamp.Text, Redacted = true, Commitment = commitment.ToString(), Seq = 41,
        }));
        Assert.That(redaction!.Record.Leaf, Is.EqualTo(LogLeaf.Of(_entry, Salt)));
        Assert.That((redaction.Entry, redaction.Sequence, redaction.Length), Is.EqualTo((_entry, 41, EntryRecord.Encode(_entry).Length)));
        Assert.That((redaction.By.Value, redaction.Reason), Is.EqualTo(("officer", "asked for it")));
    }

    [Test]
    public async Task Handle_RedactedBefore_IsAnsweredTheSameAndNotErasedAgain()
    {
        var record = new RedactedRecord(LogLeaf.Of(_entry, Salt));
        Find(IdLookup.Stored(new FoundRecord(new StoredRecord(41, record.Encode()), Given.Hasher.Tag(record).Bytes.ToArray())));

        Assert.That((await SendAsync()).TryGet(out var left, out _));

        Assert.That((left!.Commitment, left.Seq), Is.EqualTo((record.Leaf.Commitment.ToString(), 41)));
        _redactions.Verify(port => port.SettleAsync(It.IsAny<CancellationToken>()), Times.Once, "what was cut off is finished");
    }

    [Test]
    public async Task Handle_SomethingWasRedactedMeanwhile_ReadsTheEntryAgain()
    {
        Find(Stored(_entry));
        _redactions.SetupSequence(port => port.RedactAsync(It.IsAny<Redaction>(), _head, It.IsAny<CancellationToken>()))
            .ReturnsAsync(RedactionOutcome.Changed).ReturnsAsync(RedactionOutcome.Done);

        Assert.That((await SendAsync()).Error, Is.Null);

        _logs.Verify(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    [Test]
    public async Task Handle_NotThereOrDropped_SaysWhich()
    {
        Find(IdLookup.NeverStored);
        Assert.That((await SendAsync()).Error, Is.TypeOf<NotFoundError>());
        Find(IdLookup.Dropped);
        Assert.That((await SendAsync()).Error, Is.TypeOf<EntryDroppedError>());
        Find(Stored(_entry));
        Redact(RedactionOutcome.Dropped, _ => { });
        Assert.That((await SendAsync()).Error, Is.TypeOf<EntryDroppedError>());
    }

    [Test]
    public async Task Handle_ChangedInTheStore_IsNotRedactedAndSaysWhy()
    {
        var record = EntryRecord.Encode(_entry);
        record[Array.IndexOf(record, (byte)'S')] = (byte)'s';
        var lookup = Stored(_entry);
        foreach (var damaged in new[]
        {
            lookup with { Found = lookup.Found with { Stored = new StoredRecord(41, record) } },
            lookup with { Found = lookup.Found with { Stored = new StoredRecord(41, default) } },
            lookup with { Found = lookup.Found with { Side = new byte[EntrySide.Size] } },
            IdLookup.Stored(new FoundRecord(new StoredRecord(41, new RedactedRecord(LogLeaf.Of(_entry, Salt)).Encode()), lookup.Found.Side)),
        })
        {
            Find(damaged);
            var error = (await SendAsync()).Error;
            Assert.That(error, Is.TypeOf<EntryDamagedError>());
            Assert.That(((EntryDamagedError)error!).Detail, Does.Contain("changed in the store"));
        }
    }

    [TestCase("logapi:redaction", "REDACTION")]
    [TestCase("logapi:operator", "NEW_LOG")]
    [TestCase("logapi:retention", "RETENTION")]
    [TestCase("logapi:anything", "OK")]
    public async Task Handle_EntryOfTheServiceItself_Stays(string user, string status)
    {
        var entry = Given.Entry(user, status: status);
        Find(Stored(entry), entry.Id);

        Assert.That((await SendAsync(entry.Id)).Error, Is.TypeOf<NotRedactableError>());
    }

    [TestCase("REDACTION")]
    [TestCase("RETENTION")]
    [TestCase("NEW_LOG")]
    public async Task Handle_EntryThatOnlyLooksLikeOneOfTheService_IsErased(string status)
    {
        var entry = Given.Entry("officer", status: status);
        Find(Stored(entry), entry.Id);
        Redact(RedactionOutcome.Done, _ => { });

        Assert.That((await SendAsync(entry.Id)).Error, Is.Null);
    }

    [TestCase("not a uuid", "x", "id")]
    [TestCase(null, "", "reason")]
    [TestCase(null, null, "reason")]
    public void Validate_BadInput_NamesTheField(string? id, string? reason, string field)
    {
        var command = new RedactLogCommand("officer", id ?? _entry.Id.ToString(), reason);
        Assert.That(new RedactLogCommandValidator().Validate(command).Errors.Select(failure => failure.PropertyName), Is.EqualTo(new[] { field }));
    }

    private Task<Result<RedactedLogResponse>> SendAsync(LogId? id = null) => new RedactLogCommandHandler(_logs.Object, _redactions.Object, Given.Hasher)
        .Handle(new RedactLogCommand("officer", (id ?? _entry.Id).ToString(), "asked for it"), CancellationToken.None);

    private void Find(IdLookup lookup, LogId? id = null) =>
        _logs.Setup(logs => logs.FindAsync(id ?? _entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(lookup);

    private void Redact(RedactionOutcome outcome, Action<Redaction> see) => _redactions
        .Setup(port => port.RedactAsync(It.IsAny<Redaction>(), _head, It.IsAny<CancellationToken>()))
        .Callback((Redaction given, LogHead _, CancellationToken _) => see(given)).ReturnsAsync(outcome);

    private static IdLookup Stored(LogEntry entry) => IdLookup.Stored(
        new FoundRecord(new StoredRecord(41, EntryRecord.Encode(entry)), EntrySide.Encode(Given.Hasher.Tag(entry), Salt)));
}
