using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class LogIdTests
{
    [Test]
    public void NewAt_Always_IsVersion7WithTheTimeInFront()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(0x0189_0a5d_ac96);
        var id = LogId.NewAt(time);
        Assert.That(id.Value.Version, Is.EqualTo(7));
        Assert.That(id.ToString(), Does.StartWith("01890a5d-ac96-7"));
        Assert.That(LogId.NewAt(time), Is.Not.EqualTo(id), "the rest is random");
    }

    [Test]
    public void MakeAt_SameTimeAndBytes_IsTheSameVersion7()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(0x0189_0a5d_ac96).AddTicks(9_999);

        Assert.That(LogId.MakeAt(time, new byte[12]).ToString(), Is.EqualTo("01890a5d-ac96-7000-8000-000000000000"));
        Assert.That(
            LogId.MakeAt(time, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]).ToString(),
            Is.EqualTo("01890a5d-ac96-7fff-bfff-fffffffffffe"));
    }

    [TestCase("01890a5d-ac96-774b-bcce-b302099a8057")]
    [TestCase("01890A5D-AC96-774B-BCCE-B302099A8057")]
    public void TryCreate_EitherCase_PrintsLowerCase(string text)
    {
        Assert.That(LogId.TryCreate(text, out var id), Is.True);
        Assert.That(id!.ToString(), Is.EqualTo("01890a5d-ac96-774b-bcce-b302099a8057"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("1")]
    [TestCase("01890a5dac96774bbcceb302099a8057")]
    [TestCase("{01890a5d-ac96-774b-bcce-b302099a8057}")]
    [TestCase(" 01890a5d-ac96-774b-bcce-b302099a8057")]
    [TestCase("01890a5d-ac96-774b-bcce-b302099a8057\n")]
    [TestCase("0x890a5d-ac96-774b-bcce-b302099a8057")]
    [TestCase("+1890a5d-ac96-774b-bcce-b302099a8057")]
    [TestCase("01890a5d-0x96-774b-bcce-b302099a8057")]
    [TestCase("01890a5d-ac96-774b-bcce-b302099a805g")]
    public void TryCreate_AnyOtherForm_IsRefused(string? text)
    {
        Assert.That(LogId.TryCreate(text, out var id), Is.False);
        Assert.That(id, Is.Null);
        Assert.That(LogId.Check(text), Does.Contain("UUID"));
        Assert.That(() => LogId.Create(text), Throws.ArgumentException);
    }
}
