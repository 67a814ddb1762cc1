using LogApi.Application.Logs.CreateLog;
using LogApi.Domain.Entries;

namespace LogApi.Application.Tests.Logs.CreateLog;

public sealed class CreateLogCommandValidatorTests
{
    private static readonly CreateLogCommandValidator Validator = new();

    [Test]
    public void Validate_AcceptedFields_IsValid() =>
        Assert.That(Validator.Validate(new CreateLogCommand("u", "q", "SUCCESS")).IsValid, Is.True);

    [Test]
    public void Validate_EverythingMissing_NamesEveryFieldAsOnTheWire()
    {
        var failures = Validator.Validate(new CreateLogCommand(null, null, null)).ToDictionary();
        Assert.That(failures.Keys, Is.EquivalentTo(["user_id", "query", "status"]));
        Assert.That(failures["user_id"], Is.EqualTo(["is required: 1 to 128 characters"]));
        Assert.That(failures["query"], Is.EqualTo(["is required: 1 character to 65536 bytes of UTF-8"]));
        Assert.That(failures["status"], Is.EqualTo(["is required: 1 to 64 of A-Z a-z 0-9 _ . -"]));
    }

    [TestCase("a|b", "q", "OK", "user_id")]
    [TestCase("u", "", "OK", "query")]
    [TestCase("u", "q", "not ok", "status")]
    public void Validate_OneFieldWrong_SaysWhatTheValueObjectSays(string user, string query, string status, string field)
    {
        var failures = Validator.Validate(new CreateLogCommand(user, query, status)).ToDictionary();
        var expected = field switch
        {
            "user_id" => UserId.Check(user),
            "query" => QueryText.Check(query),
            _ => LogStatus.Check(status),
        };
        Assert.That(failures.Keys, Is.EqualTo([field]));
        Assert.That(failures[field], Is.EqualTo([expected]));
    }

    [Test]
    public void Validate_IdAndContext_AreAccepted() => Assert.That(
        Validator.Validate(new CreateLogCommand("u", "q", "OK")
        {
            Id = "01890A5D-ac96-774b-bcce-b302099a8057",
            OccurredAt = "2026-03-01T12:00:00+01:00",
            Attributes = [new("key", "")],
        }).IsValid,
        Is.True);

    [Test]
    public void Validate_IdAndContextAreWrong_SaysWhatTheValueObjectsSay()
    {
        KeyValuePair<string, string?>[] attributes = [new("key", null)];
        var failures = Validator.Validate(
            new CreateLogCommand("u", "q", "OK") { Id = "", OccurredAt = "yesterday", Attributes = attributes }).ToDictionary();

        Assert.That(failures.Keys, Is.EquivalentTo(["id", "occurred_at", "attributes"]));
        Assert.That(failures["id"], Is.EqualTo([LogId.Check("")]));
        Assert.That(failures["occurred_at"], Is.EqualTo([LogTimestamp.CheckInstant("yesterday")]));
        Assert.That(failures["attributes"], Is.EqualTo([LogAttributes.Check(attributes)]));
    }
}
