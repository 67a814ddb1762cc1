using LogApi.Application.Ports;
using LogApi.Testing;
using LogApi.Web.Live;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Ring;
using Microsoft.Extensions.Logging;
using Moq;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class HeartbeatServiceTests
{
    private const int CountFailedEvent = 4006;

    [Test]
    public async Task Count_FailsInAnUnforeseenWay_IsLoggedAndTheHeartGoesOn()
    {
        var registry = new Mock<IConnectionRegistry>();
        registry.Setup(one => one.ReportAsync(It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new InvalidOperationException("NOPERM"));
        using var rig = new Rig(registry.Object);

        await rig.Service.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => rig.Heartbeat.Newest is not null);
        var first = rig.Heartbeat.Newest;
        await Eventually.BecomesTrueAsync(() => rig.Heartbeat.Newest != first);

        Assert.That(rig.Service.ExecuteTask!.IsCompleted, Is.False);
        Assert.That(rig.Events, Does.Contain(CountFailedEvent));
        await rig.Service.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Stop_TimeIsUpAndTheStoreHangs_EndsAtOnceWithoutAnError()
    {
        var asked = 0;
        var registry = new Mock<IConnectionRegistry>();
        registry.Setup(one => one.ReportAsync(It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .Returns(async (int _, CancellationToken cancellationToken) =>
            {
                Interlocked.Increment(ref asked);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return 0L;
            });
        using var rig = new Rig(registry.Object);
        await rig.Service.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref asked) > 0);
        var before = Volatile.Read(ref asked);

        await rig.Service.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(Volatile.Read(ref asked), Is.GreaterThan(before), "the last report was tried");
        Assert.That(rig.Events, Is.Empty);
    }

    private sealed class Rig : IDisposable
    {
        private readonly LoggedEvents _events = new();
        private readonly ILoggerFactory _loggers;
        private readonly LivePulse _pulse;

        public Rig(IConnectionRegistry registry)
        {
            var options = new LiveOptions { HeartbeatSeconds = 1, CountSeconds = 1 };
            _loggers = LoggerFactory.Create(logging => logging.AddProvider(_events));
            _pulse = new LivePulse(options, TimeProvider.System);
            var connections = new LiveConnections(options);
            Heartbeat = new LiveHeartbeat(_pulse, connections, TimeProvider.System);
            Service = new HeartbeatService(
                connections, Heartbeat, registry, options, TimeProvider.System, _loggers.CreateLogger<HeartbeatService>());
        }

        public LiveHeartbeat Heartbeat { get; }

        public HeartbeatService Service { get; }

        public IReadOnlyCollection<int> Events => _events.Ids;

        public void Dispose()
        {
            Service.Dispose();
            _pulse.Dispose();
            _loggers.Dispose();
        }
    }
}
