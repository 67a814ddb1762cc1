using System.Text;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class EndingTests
{
    [Test]
    public void ReasonAt_Place_SaysWhereAndWhenToComeAgain() => Assert.That(
        Ending.GoingAway(250).ReasonAt(new LiveCursor(0, "e", 5)), Is.EqualTo("the server is stopping; after=e-4; retry_ms=250"));

    [Test]
    public void ReasonAt_NoPlaceYet_SaysWhenOnly() =>
        Assert.That(Ending.TooSlow(250).ReasonAt(null), Is.EqualTo("what was sent was not read in time; retry_ms=250"));

    [Test]
    public void ReasonAt_LongestPlace_FitsIntoACloseFrame() => Assert.That(
        Encoding.UTF8.GetByteCount(Ending.TooSlow(600_000).ReasonAt(new LiveCursor(0, new string('e', 16), long.MaxValue))), Is.LessThanOrEqualTo(123));
}
