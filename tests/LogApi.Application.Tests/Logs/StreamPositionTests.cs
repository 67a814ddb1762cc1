using CsCheck;
using LogApi.Application.Logs;

namespace LogApi.Application.Tests.Logs;

[Parallelizable(ParallelScope.All)]
public sealed class StreamPositionTests
{
    [Test]
    public void TryParse_AnyPosition_GivesBackWhatWasWritten() =>
        Gen.Select(Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['0', '9']), 1, 64], Gen.Long[-1, long.MaxValue - 1]).Sample((epoch, sequence) =>
        {
            var position = new StreamPosition(epoch, sequence);
            Assert.That(StreamPosition.TryParse(position.ToString(), out var read), Is.True);
            Assert.That(read, Is.EqualTo(position));
        });

    [TestCase("")]
    [TestCase("-")]
    [TestCase("-5")]
    [TestCase("e")]
    [TestCase("e-")]
    [TestCase("e-x")]
    [TestCase("e--2")]
    [TestCase("e-1 ")]
    [TestCase("e f-1")]
    [TestCase("é-1")]
    [TestCase("e-9223372036854775807")]
    [TestCase("e-99999999999999999999")]
    [TestCase("now")]
    public void Check_AnythingElse_SaysWhatIsAccepted(string text) =>
        Assert.That(StreamPosition.Check(text), Does.StartWith("must be <epoch>-<seq>"));
}
