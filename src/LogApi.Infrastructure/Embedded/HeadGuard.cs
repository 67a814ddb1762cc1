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

    // The host's own token may have ended by the time this stops.
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private readonly HeadMarker _marker = new(options.EmbeddedFolder, options.KeyPrefix);
    private LogHead _written;

    /// <exception cref="StartRefusedException">The store has fewer entries than it had, or that can't be found out.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.IsEmbedded) return;
        if (await FindLossAsync(cancellationToken) is { } loss) throw new StartRefusedException(loss);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!options.IsEmbedded) return;
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is null) return;
        using var limit = new CancellationTokenSource(StopLimit, time);
        try
        {
            await UpdateAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // An older mark is a true one, too.
        }
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

    private async Task<string?> FindLossAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _marker.FindLossAsync(await logs.GetHeadAsync(cancellationToken), cancellationToken);
        }
        catch (StoreUnavailableException fault)
        {
            throw new StartRefusedException(
                $"DATA_DIR: the embedded store in {options.EmbeddedFolder} did not answer within {options.TimeoutMilliseconds} ms; "
                    + "nothing was deleted. Start again, with a larger STORE_TIMEOUT_MS on a slow machine.",
                fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"DATA_DIR: {_marker.File} can't be read: {fault.Message.ReplaceLineEndings(" ")}", fault);
        }
    }

    private async Task UpdateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await logs.GetHeadAsync(cancellationToken);
            if (head == _written || head.Epoch.Length == 0) return;
            await durability.CommitAsync(cancellationToken).WaitAsync(cancellationToken);
            await _marker.WriteAsync(head, cancellationToken);
            _written = head;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            StoreLog.HeadNotKept(logger, fault);
        }
    }
}
