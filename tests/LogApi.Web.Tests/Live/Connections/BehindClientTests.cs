using LogApi.Web.Live;
using LogApi.Web.Live.Connections;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class BehindClientTests
{
    private static readonly LiveOptions Options = new() { BackfillEntries = 100, LagSeconds = 15 };

    [Test]
    public void ReadsLeft_ClientThatFellBehind_IsBoundedUntilItHasEverything()
    {
        var client = new BehindClient(Options, new FakeTimeProvider(), isRecovering: false);
        client.OnReadBack(60);
        Assert.That(client.ReadsLeft, Is.EqualTo(40));
        client.OnReadBack(40);
        Assert.That(client.MayReadBack, Is.False);
        client.OnCaughtUp();
        Assert.That(client.ReadsLeft, Is.EqualTo(100));
    }

    [Test]
    public void ReadsLeft_ClientThatCameBack_IsBoundedOnlyOnceItHasEverything()
    {
        var client = new BehindClient(Options, new FakeTimeProvider(), isRecovering: true);
        client.OnReadBack(1_000_000);
        Assert.That(client.MayReadBack, Is.True);
        client.OnCaughtUp();
        Assert.That(client.ReadsLeft, Is.EqualTo(100));
    }

    [Test]
    public void OnLagged_StillBehindAfterItsTime_GivesItUp()
    {
        var time = new FakeTimeProvider();
        var client = new BehindClient(Options, time, isRecovering: false);
        client.OnLagged();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(client.OnLagged, Throws.Nothing);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(client.OnLagged, Throws.TypeOf<ClientStalledException>());
    }

    [Test]
    public void OnLagged_HadEverythingInBetween_BeginsAnew()
    {
        var time = new FakeTimeProvider();
        var client = new BehindClient(Options, time, isRecovering: false);
        client.OnLagged();
        time.Advance(TimeSpan.FromSeconds(14));
        client.OnCaughtUp();
        time.Advance(TimeSpan.FromSeconds(14));
        client.OnLagged();
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.That(client.OnLagged, Throws.Nothing);
    }
}
