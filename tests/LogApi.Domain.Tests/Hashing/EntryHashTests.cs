using LogApi.Domain.Hashing;

namespace LogApi.Domain.Tests.Hashing;

public sealed class EntryHashTests
{
    private const string Digits = "b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8";

    [Test]
    public void TryParse_64LowerCaseDigits_KeepsThem()
    {
        Assert.That(EntryHash.TryParse(Digits, out var hash), Is.True);
        Assert.That(hash!.Hex, Is.EqualTo(Digits));
        Assert.That(hash.ToString(), Is.EqualTo(Digits));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c")]
    [TestCase("b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c80")]
    [TestCase("B0C787A45D5A78B39B50F7879BF2D9FE5C7452194390DCC8FF2ED1E9C36132C8")]
    [TestCase("g0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8")]
    public void TryParse_AnythingElse_IsRefused(string? text)
    {
        Assert.That(EntryHash.TryParse(text, out var hash), Is.False);
        Assert.That(hash, Is.Null);
    }

    [Test]
    public void Matches_SameAndOtherDigits_TellsThemApart([Values(0, 31, 63)] int position)
    {
        var hash = Parse(Digits);
        var other = Parse($"{Digits[..position]}{(Digits[position] == '0' ? '1' : '0')}{Digits[(position + 1)..]}");
        Assert.That(hash.Matches(Parse(Digits)), Is.True);
        Assert.That(hash.Matches(other), Is.False);
    }

    private static EntryHash Parse(string text) =>
        EntryHash.TryParse(text, out var hash) ? hash : throw new ArgumentException(text, nameof(text));
}
