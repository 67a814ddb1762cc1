using LogApi.Application.Common.Idempotency;
using LogApi.Domain.Entries;

namespace LogApi.Application.Tests.Common.Idempotency;

public sealed class IdempotencyKeyTests
{
    [TestCase("\"8e03978e-40d5-43e8-bc93-6894a57f9324\"", "8e03978e-40d5-43e8-bc93-6894a57f9324")]
    [TestCase("8e03978e-40d5-43e8-bc93-6894a57f9324", "8e03978e-40d5-43e8-bc93-6894a57f9324")]
    [TestCase(" a+/=!~ ", "a+/=!~")]
    [TestCase("\"a b, c; d\"", "a b, c; d")]
    [TestCase("\"\\\"\\\\\"", "\"\\")]
    public void TryParse_QuotedOrNot_GivesTheKey(string header, string expected)
    {
        Assert.That(IdempotencyKey.TryParse(header, out var key), Is.True);
        Assert.That(key!.Value, Is.EqualTo(expected));
        Assert.That(IdempotencyKey.Check(header), Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("\"\"")]
    [TestCase("\"")]
    [TestCase("\"a")]
    [TestCase("a\"")]
    [TestCase("\"a\"b\"")]
    [TestCase("\"a\\\"")]
    [TestCase("\"a\\b\"")]
    [TestCase("\"a\";p=1")]
    [TestCase("a,b")]
    [TestCase("a b")]
    [TestCase("klucz-ż")]
    [TestCase("a\tb")]
    public void TryParse_AnythingElse_IsRefused(string? header)
    {
        Assert.That(IdempotencyKey.TryParse(header, out _), Is.False);
        Assert.That(IdempotencyKey.Check(header), Does.Contain("1 to 255"));
    }

    [Test]
    public void TryParse_Length_IsLimited()
    {
        Assert.That(IdempotencyKey.TryParse(new string('k', 255), out _), Is.True);
        Assert.That(IdempotencyKey.TryParse(new string('k', 256), out _), Is.False);
    }

    [Test]
    public void RequestOf_OtherUserOperationOrKey_IsAnotherRequest()
    {
        string[] requests =
        [
            Request("ada", "a", "k"), Request("bob", "a", "k"), Request("ada", "b", "k"), Request("ada", "a", "K"), Request("adaa", "", "k"),
        ];

        Assert.That(requests, Is.Unique);
        Assert.That(Request("ada", "a", "k"), Is.EqualTo(requests[0]).And.Not.Contain("ada"));
    }

    private static string Request(string user, string operation, string text) =>
        IdempotencyKey.TryParse(text, out var key) ? key.RequestOf(UserId.Create(user), operation) : "";
}
