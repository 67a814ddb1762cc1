using LogApi.Web.Live;
using LogApi.Web.Live.Connections;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Web.Tests.Live.Connections;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class KeepAliveTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeepAlive _client;

    public KeepAliveTests() => _client = new KeepAlive(new LiveOptions { PingSeconds = 20, PingTimeoutSeconds = 30 }, _time);

    [Test]
    public void Next_SilentForLong_PingsOnceAndThenGivesUp()
    {
        Assert.That(After(19), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(1), Is.EqualTo(KeepAliveStep.Ping));
        Assert.That(After(29), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(1), Is.EqualTo(KeepAliveStep.GiveUp));
    }

    [Test]
    public void Next_HeardAfterThePing_PingsAgainOnlyWhenItIsSilentAgain()
    {
        After(20);
        Assert.That(After(29, heard: 1), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(19, heard: 1), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(1, heard: 1), Is.EqualTo(KeepAliveStep.Ping));
    }

    [Test]
    public void Next_HeardFromTimeToTime_NeverPings()
    {
        for (var i = 1; i <= 10; i++) Assert.That(After(19, heard: i), Is.EqualTo(KeepAliveStep.None));
    }

    [Test]
    public void Next_PingNotYetWritten_GivesTheClientItsTimeFromThenOn()
    {
        After(20);
        Assert.That(After(500, isWriting: true), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(29), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(1), Is.EqualTo(KeepAliveStep.GiveUp), "the ping is not sent twice");
    }

    [Test]
    public void Next_HeardWhileThePingIsWritten_CountsAsAnswer()
    {
        After(20);
        Assert.That(After(5, heard: 1, isWriting: true), Is.EqualTo(KeepAliveStep.None));
        Assert.That(After(20, heard: 1), Is.EqualTo(KeepAliveStep.Ping));
    }

    private KeepAliveStep After(int seconds, int heard = 0, bool isWriting = false)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _client.Next(heard, isWriting);
    }
}
