using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;

namespace LogApi.Web.Live.Connections;

/// <summary>Beats, and keeps the count of live clients over all processes true.</summary>
internal sealed class HeartbeatService(
    LiveConnections connections, LiveHeartbeat heartbeat, IConnectionRegistry registry, LiveOptions options, TimeProvider time,
    ILogger<HeartbeatService> log)
    : BackgroundService
{
    // Connections that come and go in a burst are reported together.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    // The last report is a courtesy: without it the count ends by itself. The stop has no more time for it than this.
    private static readonly TimeSpan LastReport = TimeSpan.FromMilliseconds(500);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // The last report takes this process out of the count; by now its clients are gone.
        if (ExecuteTask is null) return;
        using var bound = new CancellationTokenSource(LastReport, time);
        try
        {
            await CountAsync(bound.Token);
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            // The caller's token is not looked at: it has ended when the server needed all its time, and the process stops anyway.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ReportAsync(stoppingToken), BeatAsync(stoppingToken));

    private async Task ReportAsync(CancellationToken stoppingToken)
    {
        var due = connections.Changed;
        await using var timer = time.CreateTimer(_ => due.Set(), null, TimeSpan.Zero, options.Count);
        await using var stop = stoppingToken.UnsafeRegister(_ => due.Set(), null);
        while (true)
        {
            await due.WaitAsync();
            stoppingToken.ThrowIfCancellationRequested();
            await CountAsync(stoppingToken);
            await Task.Delay(Settle, time, stoppingToken);
        }
    }

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await CountAsync(stoppingToken);
            heartbeat.Beat();
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        var own = connections.Count;
        try
        {
            var total = await registry.ReportAsync(own, cancellationToken);
            connections.SetOthers(Math.Max(0, total - own));
        }
        catch (StoreUnavailableException)
        {
            // Reported by whoever watches the store; the last known count of the others is the best there is.
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A count is not worth the process, which would stop with this service.
            log.CountFailed(fault);
        }
    }
}
