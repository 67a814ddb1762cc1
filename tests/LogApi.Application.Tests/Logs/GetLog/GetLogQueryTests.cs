using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.GetLog;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using Moq;

namespace LogApi.Application.Tests.Logs.GetLog;

public sealed class GetLogQueryTests
{
    private readonly LogEntry _entry = Given.Entry();

    [Test]
    public async Task Handle_StoredEntry_GivesItsRecord()
    {
        var stored = new StoredRecord(7, EntryRecord.Encode(_entry));

        var result = await HandleAsync(IdLookup.Stored(new FoundRecord(stored, default)));

        Assert.That(result.TryGet(out var record, out _));
        Assert.That(record, Is.EqualTo(stored));
    }

    [Test]
    public async Task Handle_NeverStored_IsNotFound() =>
        Assert.That((await HandleAsync(IdLookup.NeverStored)).Error, Is.InstanceOf<NotFoundError>());

    [Test]
    public async Task Handle_Dropped_SaysSo() =>
        Assert.That((await HandleAsync(IdLookup.Dropped)).Error, Is.InstanceOf<EntryDroppedError>());

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("torn")]
    public async Task Handle_RecordThatCannotBeServed_IsDamaged(string record) =>
        Assert.That(
            (await HandleAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(7, Encoding.UTF8.GetBytes(record)), default)))).Error,
            Is.InstanceOf<EntryDamagedError>());

    [Test]
    public async Task Handle_RecordOfAnotherEntryInItsPlace_IsDamaged()
    {
        var other = new StoredRecord(7, EntryRecord.Encode(Given.Entry()));

        Assert.That((await HandleAsync(IdLookup.Stored(new FoundRecord(other, default)))).Error, Is.InstanceOf<EntryDamagedError>());
    }

    [Test]
    public void Validate_NoUuid_NamesTheField() =>
        Assert.That(new GetLogQueryValidator().Validate(new GetLogQuery("x")).ToDictionary().Keys, Is.EqualTo(new[] { "id" }));

    private Task<Result<StoredRecord>> HandleAsync(IdLookup lookup)
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.FindAsync(_entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(lookup);
        return new GetLogQueryHandler(logs.Object).Handle(new GetLogQuery(_entry.Id.ToString()), CancellationToken.None);
    }
}
