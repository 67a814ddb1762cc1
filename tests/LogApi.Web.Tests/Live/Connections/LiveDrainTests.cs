using LogApi.Web.Live;
using LogApi.Web.Live.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class LiveDrainTests
{
    [TestCase(0, 10)]
    [TestCase(25, 10)]
    [TestCase(10_000, 10)]
    public void Stop_ManyClients_AreClosedSomeAtATimeAndAllWithinASecond(int count, int batch)
    {
        var time = new FakeTimeProvider();
        using var stopping = new CancellationTokenSource();
        var lifetime = Mock.Of<IHostApplicationLifetime>(life => life.ApplicationStopping == stopping.Token);
        using var drain = new LiveDrain(new LiveOptions { DrainBatch = batch }, lifetime, time);
        var clients = Enumerable.Range(0, count).Select(_ => new Client()).ToList();
        clients.ForEach(drain.Add);
        var left = new Client();
        drain.Add(left);
        drain.Remove(left);

        stopping.Cancel();
        var atOnce = clients.Count(client => client.IsDrained);
        for (var step = 0; step < 50; step++) time.Advance(TimeSpan.FromMilliseconds(20));
        var late = new Client();
        drain.Add(late);

        Assert.That(atOnce, Is.EqualTo(Math.Min(count, Math.Max(batch, (count + 49) / 50))));
        Assert.That(clients.Count(client => client.IsDrained), Is.EqualTo(count));
        Assert.That(left.IsDrained, Is.False);
        Assert.That(late.IsDrained, Is.True, "it came when the process was stopping already");
    }

    private sealed class Client : IDrainable
    {
        public bool IsDrained { get; private set; }

        public void Drain() => IsDrained = IsDrained ? throw new InvalidOperationException("asked twice") : true;
    }
}
