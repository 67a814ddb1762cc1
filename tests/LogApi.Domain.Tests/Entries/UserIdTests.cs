using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class UserIdTests
{
    [TestCase("u")]
    [TestCase("your_user_id")]
    [TestCase("zażółć gęślą")]
    [TestCase("日本語")]
    [TestCase(" leading and trailing spaces are kept ")]
    [TestCase("a/b\\c\"d'e<f>")]
    public void TryCreate_AcceptedText_KeepsItUnchanged(string text)
    {
        Assert.That(UserId.TryCreate(text, out var userId), Is.True);
        Assert.That(userId!.Value, Is.EqualTo(text));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Check_NoText_SaysItIsRequired(string? text) => Assert.That(UserId.Check(text), Does.Contain("required"));

    [TestCase("|")]
    [TestCase("a|b")]
    public void Check_Separator_IsRefused(string text) => Assert.That(UserId.Check(text), Does.Contain("'|'"));

    [Test]
    public void Check_AnyControlCharacter_IsRefused([Range(0, 0x1F)] int low)
    {
        Assert.That(UserId.Check($"a{(char)low}b"), Does.Contain("control characters"));
        Assert.That(UserId.Check($"{(char)(0x80 + low)}"), Does.Contain("control characters"), "C1 controls");
        Assert.That(UserId.Check("\u007F"), Does.Contain("control characters"), "DEL");
    }

    // Not in attributes: their strings are kept as UTF-8, which has no lone surrogates.
    private static readonly string[] LoneSurrogates = ["\uD800", "a\uDC00", "a\uDC00b", "\uDE42\uD83D", "🙂\uD83D"];

    [TestCaseSource(nameof(LoneSurrogates))]
    public void Check_LoneSurrogate_IsRefused(string text) => Assert.That(UserId.Check(text), Does.Contain("lone surrogates"));

    [Test]
    public void Check_Length_CountsScalarValuesNotUtf16Units()
    {
        var longest = string.Concat(Enumerable.Repeat("🙂", UserId.MaxLength));
        Assert.That(longest, Has.Length.EqualTo(2 * UserId.MaxLength));
        Assert.That(UserId.Check(longest), Is.Null);
        Assert.That(UserId.Check(longest + "a"), Does.Contain("at most 128").And.Contain("129"));
        Assert.That(UserId.Check(new string('a', UserId.MaxLength)), Is.Null);
        Assert.That(UserId.Check(new string('a', UserId.MaxLength + 1)), Does.Contain("129"));
    }

    [Test]
    public void Create_RefusedText_Throws() => Assert.That(() => UserId.Create("a|b"), Throws.ArgumentException);

    [Test]
    public void Equals_SameText_IsEqual()
    {
        var again = UserId.Create("u");
        Assert.That(UserId.Create("u"), Is.EqualTo(again));
    }
}
