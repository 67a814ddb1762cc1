using LogApi.Application.Ports;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live;

/// <summary>Lets the ring follow the log while the process runs.</summary>
internal sealed class FeedSubscription(ILogFeed feed, LiveRing ring) : IHostedService, IDisposable
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(ring);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _subscription?.Dispose();
}
