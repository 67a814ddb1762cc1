using LogApi.Infrastructure.Redis.Tree;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

public sealed class SigningDelayTests
{
    private FakeTimeProvider _time;
    private SigningDelay _delay;

    [SetUp]
    public void Start()
    {
        _time = new FakeTimeProvider();
        _delay = new SigningDelay(new IntegratorOptions(), _time, NullLogger.Instance);
    }

    [Test]
    public void Note_NothingIsSignedForLong_SaysWhatWaits()
    {
        _delay.Note(40, 41);
        _time.Advance(TimeSpan.FromSeconds(4));
        _delay.Note(40, 50);
        Assert.That(_delay.Problem, Is.Null);

        _time.Advance(TimeSpan.FromSeconds(2));
        _delay.Note(40, 60);

        Assert.That(_delay.Problem, Does.Contain("from 40 on").And.Contain("6 s"));
    }

    [Test]
    public void Note_SigningGoesOn_IsOver()
    {
        _delay.Note(40, 41);
        _time.Advance(TimeSpan.FromSeconds(6));
        _delay.Note(40, 41);

        _delay.Note(41, 42);

        Assert.That(_delay.Problem, Is.Null);
    }

    [Test]
    public void Note_MoreComesThanIsSignedAtOnce_IsNoProblemWhileItGrows()
    {
        for (var signed = 0; signed < 20; signed++)
        {
            _delay.Note(signed, 1_000_000);
            _time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.That(_delay.Problem, Is.Null);
    }

    [Test]
    public void Note_NothingToSign_IsNoProblem()
    {
        _delay.Note(40, 40);
        _time.Advance(TimeSpan.FromHours(1));
        _delay.Note(40, 40);
        Assert.That(_delay.Problem, Is.Null);
    }

    [Test]
    public void Note_LongInterval_HasMoreTime()
    {
        var slow = new SigningDelay(new IntegratorOptions { IntervalMilliseconds = 60_000 }, _time, NullLogger.Instance);
        slow.Note(40, 41);
        _time.Advance(TimeSpan.FromSeconds(100));
        slow.Note(40, 41);
        Assert.That(slow.Problem, Is.Null);
    }
}
