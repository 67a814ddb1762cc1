using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Embedded;

/// <summary>Keeps <see cref="HeadMarker"/> up to date while the embedded store runs, and holds the store against it first.</summary>
internal sealed class HeadGuard(
    StoreOptions options, IStoreDurability durability, ILogRepository logs, TimeProvider time, ILogger<HeadGuard> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HeadMarker _marker = new(options.EmbeddedFolder, options.KeyPrefix);
    private LogHead _written;

    /// <exception cref="StartRefusedException">The store has fewer entries than it had.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.IsEmbedded) return;
        var head = await logs.GetHeadAsync(cancellationToken);
        if (await _marker.FindLossAsync(head, cancellationToken) is { } loss) throw new StartRefusedException(loss);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!options.IsEmbedded) return;
        await base.StopAsync(cancellationToken);
        await UpdateAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await UpdateAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last update is made by StopAsync.
        }
    }

    private async Task UpdateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await logs.GetHeadAsync(cancellationToken);
            if (head == _written || head.Epoch.Length == 0) return;
            await durability.CommitAsync(cancellationToken);
            await _marker.WriteAsync(head, cancellationToken);
            _written = head;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            StoreLog.HeadNotKept(logger, fault);
        }
    }
}
