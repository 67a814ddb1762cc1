using LogApi.Application.Ports;

namespace LogApi.Application.Tests.Ports;

[Parallelizable(ParallelScope.All)]
public sealed class LogHeadTests
{
    private static readonly LogHead SetBack = new("e", 100, SetBacks: "s1:80 s2:95 s3:90");

    [TestCase("e", 80)]
    [TestCase("s1", 90)]
    [TestCase("s2", 90)]
    [TestCase("s3", long.MaxValue)]
    [TestCase("other", null)]
    [TestCase("", null)]
    public void ValidUpTo_NumberingOfBefore_IsWhereNumbersWereFirstGivenAnewSince(string numbering, long? expected) =>
        Assert.That(SetBack.ValidUpTo(numbering), Is.EqualTo(expected));

    [Test]
    public void ValidUpTo_NeverSetBack_KnowsItsEpochOnly()
    {
        var head = new LogHead("e", 5);
        Assert.That((head.ValidUpTo("e"), head.ValidUpTo("f"), head.Numbering), Is.EqualTo(((long?)long.MaxValue, (long?)null, "e")));
    }

    [Test]
    public void WithSetBack_Again_NamesTheNumberingAnew()
    {
        var head = SetBack with { SetBacks = SetBack.WithSetBack("s4", 70) };
        Assert.That(head.Numbering, Is.EqualTo("s4"));
        Assert.That((head.ValidUpTo("e"), head.ValidUpTo("s3"), head.ValidUpTo("s4")), Is.EqualTo(((long?)70L, (long?)70L, (long?)long.MaxValue)));
    }

    [Test]
    public void WithSetBack_VeryOften_ForgetsTheOldest()
    {
        var head = new LogHead("e", 1_000);
        for (var i = 0; i < 100; i++) head = head with { SetBacks = head.WithSetBack($"s{i}", 999 - i) };
        Assert.That(head.SetBacks.Split(' '), Has.Length.EqualTo(64));
        Assert.That(head.ValidUpTo("s10"), Is.Null);
        Assert.That(head.ValidUpTo("s50"), Is.EqualTo(900));
    }

    [TestCase("a\ndata: x", "")]
    [TestCase("e", "a-b:5")]
    [TestCase("e", "a\nid=7:5")]
    [TestCase("ż", "")]
    public void Numbering_NameEditedInTheStore_IsOneThatMayStandAnywhere(string epoch, string setBacks)
    {
        var head = new LogHead(epoch, 5, SetBacks: setBacks);
        Assert.That(head.Numbering, Does.Match("^[0-9a-f]{16}$"));
        Assert.That(head.ValidUpTo(head.Numbering), Is.EqualTo(long.MaxValue));
    }
}
