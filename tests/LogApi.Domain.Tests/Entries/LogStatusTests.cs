using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class LogStatusTests
{
    [TestCase("SUCCESS")]
    [TestCase("e")]
    [TestCase("http.404-not_found")]
    public void TryCreate_AcceptedText_KeepsItUnchanged(string text)
    {
        Assert.That(LogStatus.TryCreate(text, out var status), Is.True);
        Assert.That(status!.Value, Is.EqualTo(text));
    }

    [Test]
    public void Check_EveryAsciiCharacter_AcceptsOnlyTheNamedOnes()
    {
        var accepted = string.Concat(Enumerable.Range(0, 128).Select(c => (char)c).Where(c => LogStatus.Check(c.ToString()) is null));
        Assert.That(accepted, Is.EqualTo("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"));
    }

    [TestCase("é")]
    [TestCase("Ａ")]
    public void Check_BeyondAscii_IsRefused(string text) => Assert.That(LogStatus.Check(text), Does.Contain("A-Z a-z 0-9 _ . -"));

    [TestCase(null)]
    [TestCase("")]
    public void Check_NoText_SaysItIsRequired(string? text) => Assert.That(LogStatus.Check(text), Does.Contain("required"));

    [Test]
    public void Check_Length_EndsAtTheLimit()
    {
        Assert.That(LogStatus.Check(new string('S', LogStatus.MaxLength)), Is.Null);
        Assert.That(LogStatus.Check(new string('S', LogStatus.MaxLength + 1)), Does.Contain("at most 64").And.Contain("65"));
    }

    [Test]
    public void Create_RefusedText_Throws() => Assert.That(() => LogStatus.Create("a b"), Throws.ArgumentException);
}
