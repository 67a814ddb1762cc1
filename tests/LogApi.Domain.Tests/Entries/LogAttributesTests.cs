using CsCheck;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class LogAttributesTests
{
    [Test]
    public void Create_AnyOrder_IsTheSame() => EntryGen.Attributes.Sample(attributes =>
    {
        var pairs = attributes.Pairs.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)).ToArray();
        var reversed = LogAttributes.Create([.. pairs.Reverse()]);
        return reversed.Equals(attributes) && reversed.GetHashCode() == attributes.GetHashCode()
            && attributes.Pairs.Select(pair => pair.Key).SequenceEqual(pairs.Select(pair => pair.Key).Order(StringComparer.Ordinal));
    });

    [Test]
    public void Create_NothingGiven_IsNone()
    {
        Assert.That(LogAttributes.Create(null), Is.SameAs(LogAttributes.None));
        Assert.That(LogAttributes.Create([]), Is.SameAs(LogAttributes.None));
    }

    [TestCase("key", "value", null)]
    [TestCase("key", "", null)]
    [TestCase("", "value", "has a key of 0 characters; keys are 1 to 64 characters without control characters")]
    [TestCase("a\tb", "value", "has a key with a control character; keys are 1 to 64 characters without control characters")]
    [TestCase("key", null, "has a value under 'key' that is null; values are text")]
    public void Check_OnePair_SaysWhatIsWrong(string key, string? value, string? problem) =>
        Assert.That(LogAttributes.Check([KeyValuePair.Create(key, value)]), Is.EqualTo(problem));

    [Test]
    public void Check_LoneSurrogate_IsRefused()
    {
        // An attribute's argument can't hold one: it is kept as UTF-8.
        Assert.That(LogAttributes.Check([KeyValuePair.Create("a\ud800", (string?)"")]), Does.StartWith("has a key with a lone surrogate"));
        Assert.That(
            LogAttributes.Check([KeyValuePair.Create("key", (string?)"\udc00")]),
            Is.EqualTo("has a value under 'key' that has a lone surrogate; values must be valid Unicode"));
    }

    [TestCase(64, 1024, null)]
    [TestCase(65, 1, "has a key of 65 characters; keys are 1 to 64 characters without control characters")]
    [TestCase(1, 1025, "has a value under '\U0001F600' that has 1025 characters; values have at most 1024")]
    public void Check_Lengths_AreCountedInCharacters(int key, int value, string? problem) =>
        Assert.That(LogAttributes.Check([KeyValuePair.Create(Smileys(key), (string?)Smileys(value))]), Is.EqualTo(problem));

    [Test]
    public void Check_TooMany_SaysHowMany()
    {
        Assert.That(LogAttributes.Check(Numbered(32)), Is.Null);
        Assert.That(LogAttributes.Check(Numbered(33)), Is.EqualTo("must be at most 32 pairs; there are 33"));
    }

    [Test]
    public void Check_KeyTwice_IsRefused() =>
        Assert.That(
            LogAttributes.Check([KeyValuePair.Create("a", (string?)"1"), KeyValuePair.Create("a", (string?)"1")]),
            Is.EqualTo("has the key 'a' more than once"));

    private static KeyValuePair<string, string?>[] Numbered(int count) =>
        [.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"key{i}", (string?)"value"))];

    private static string Smileys(int count) => string.Concat(Enumerable.Repeat("\U0001F600", count));
}
