using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class RedactionReasonTests
{
    [Test]
    public void Check_OneTo1024ScalarValues_AreAccepted()
    {
        Assert.That(RedactionReason.Check("x"), Is.Null);
        Assert.That(RedactionReason.Check(string.Concat(Enumerable.Repeat("\U0001F642", 1024))), Is.Null);
    }

    [TestCase(null, "required")]
    [TestCase("", "it has 0")]
    public void Check_OtherText_SaysWhatIsAccepted(string? text, string problem) =>
        Assert.That(RedactionReason.Check(text), Does.Contain(problem));

    // An attribute can't hold one.
    [Test]
    public void Check_LoneSurrogate_SaysSo() => Assert.That(RedactionReason.Check("a\uD800"), Does.Contain("lone surrogates"));

    [Test]
    public void Check_TooLong_SaysSo() => Assert.That(RedactionReason.Check(new string('x', 1025)), Does.Contain("it has 1025"));
}
