using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class QueryTextTests
{
    [TestCase("x")]
    [TestCase("a|b|c")]
    [TestCase("tab\tnewline\nnull\0end")]
    [TestCase("SELECT '日本語', '🙂'")]
    [TestCase(" ")]
    public void TryCreate_AcceptedText_KeepsItUnchanged(string text)
    {
        Assert.That(QueryText.TryCreate(text, out var query), Is.True);
        Assert.That(query!.Value, Is.EqualTo(text));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Check_NoText_SaysItIsRequired(string? text) => Assert.That(QueryText.Check(text), Does.Contain("required"));

    [TestCase("a", 1)]
    [TestCase("é", 2)]
    [TestCase("日", 3)]
    [TestCase("🙂", 4)]
    public void Check_Size_CountsBytesOfUtf8(string character, int bytes)
    {
        var longest = string.Concat(Enumerable.Repeat(character, QueryText.MaxBytes / bytes));
        longest += new string('x', QueryText.MaxBytes % bytes);
        Assert.That(System.Text.Encoding.UTF8.GetByteCount(longest), Is.EqualTo(QueryText.MaxBytes));
        Assert.That(QueryText.Check(longest), Is.Null);
        Assert.That(QueryText.Check(longest + "x"), Does.Contain("at most 65536 bytes").And.Contain("65537"));
    }

    // Not in attributes: their strings are kept as UTF-8, which has no lone surrogates.
    private static readonly string[] LoneSurrogates = ["\uD800", "a\uDC00", "a\uDC00b", "\uDE42\uD83D", "🙂\uD83D"];

    [TestCaseSource(nameof(LoneSurrogates))]
    public void Check_LoneSurrogate_IsRefusedInShortAndLongTexts(string text)
    {
        Assert.That(QueryText.Check(text), Does.Contain("lone surrogates"));
        Assert.That(QueryText.Check(new string('x', 60_000) + text), Does.Contain("lone surrogates"));
    }

    [Test]
    public void Create_RefusedText_Throws() => Assert.That(() => QueryText.Create(""), Throws.ArgumentException);
}
