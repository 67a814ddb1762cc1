using LogApi.Web.Live;
using LogApi.Web.Live.Ring;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Web.Tests.Live.Ring;

[Parallelizable(ParallelScope.All)]
public sealed class LivePulseTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Request_WhenIdle_WakesEveryoneAtOnce()
    {
        using var pulse = new LivePulse(new LiveOptions(), new FakeTimeProvider());
        AsyncSignal[] signals = [new(), new(), new()];
        foreach (var signal in signals) pulse.Add(signal);
        var waits = signals.Select(signal => signal.WaitAsync().AsTask()).ToArray();

        pulse.Request();
        await Task.WhenAll(waits).WaitAsync(Patience);
    }

    [Test]
    public async Task Request_UnderLoad_WakesOnceATick()
    {
        var time = new FakeTimeProvider();
        using var pulse = new LivePulse(new LiveOptions { TickMilliseconds = 5 }, time);
        var signal = new AsyncSignal();
        pulse.Add(signal);
        pulse.Request();
        await signal.WaitAsync().AsTask().WaitAsync(Patience);

        for (var tick = 0; tick < 3; tick++)
        {
            var wait = signal.WaitAsync().AsTask();
            for (var i = 0; i < 100; i++) pulse.Request();
            time.Advance(Tick - TimeSpan.FromTicks(1));
            Assert.That(wait.IsCompleted, Is.False);
            time.Advance(TimeSpan.FromTicks(1));
            await wait.WaitAsync(Patience);
        }
    }

    [Test]
    public async Task Request_AfterAQuietTick_WakesAtOnceAgain()
    {
        var time = new FakeTimeProvider();
        using var pulse = new LivePulse(new LiveOptions { TickMilliseconds = 5 }, time);
        var signal = new AsyncSignal();
        pulse.Add(signal);
        for (var i = 0; i < 3; i++)
        {
            pulse.Request();
            await signal.WaitAsync().AsTask().WaitAsync(Patience);
            time.Advance(Tick);
        }
    }

    [Test]
    public async Task Remove_Signal_IsWokenNoMore()
    {
        using var pulse = new LivePulse(new LiveOptions(), new FakeTimeProvider());
        var (left, stays) = (new AsyncSignal(), new AsyncSignal());
        pulse.Add(left);
        pulse.Add(stays);
        pulse.Remove(left);
        var wait = left.WaitAsync().AsTask();
        pulse.Request();
        await stays.WaitAsync().AsTask().WaitAsync(Patience);
        Assert.That(wait.IsCompleted, Is.False);
    }

    [Test]
    public async Task SignalSet_BeforeTheWait_IsKeptOnce()
    {
        var signal = new AsyncSignal();
        signal.Set();
        signal.Set();
        Assert.That(signal.WaitAsync().AsTask().IsCompleted, Is.True);
        var second = signal.WaitAsync().AsTask();
        Assert.That(second.IsCompleted, Is.False);
        signal.Set();
        await second.WaitAsync(Patience);
    }

    [Test]
    public async Task SignalSet_RacingWithTheWaiter_IsNeverLost()
    {
        // Each side goes on only when the other has woken it, so a lost wake-up stops both.
        const int Rounds = 100_000;
        var (ping, pong) = (new AsyncSignal(), new AsyncSignal());
        var answers = Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await ping.WaitAsync();
                pong.Set();
            }
        });
        var asks = Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                ping.Set();
                await pong.WaitAsync();
            }
        });
        await Task.WhenAll(answers, asks).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
