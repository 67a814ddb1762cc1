using LogApi.Application.Common.Errors;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>Seals, drops, and finishes redactions that were cut off, while this process has the lease.</summary>
internal sealed class Keeper(
    RedisConnection connection,
    HeadReader heads,
    KeeperLease lease,
    Sealer sealer,
    Retention retention,
    Redactor redactor,
    TimeProvider time,
    ILogger<Keeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Does once what is due.</summary>
    /// <returns>How long there is nothing more to do.</returns>
    public async Task<TimeSpan> StepAsync(IDatabase db, CancellationToken cancellationToken)
    {
        if (!await lease.TryHoldAsync(db))
        {
            sealer.Reset();
            return Pause;
        }

        var extent = await heads.ReadAsync(db);
        if (extent.Head.Epoch.Length == 0) return Pause;
        await redactor.FinishAsync(db, cancellationToken);
        var isBusy = await sealer.StepAsync(db, extent, cancellationToken);
        if (await retention.StepAsync(db, extent, cancellationToken))
        {
            // What is kept in memory of the dropped goes with this look.
            await heads.ReadAsync(db);
            return TimeSpan.Zero;
        }

        if (isBusy) return TimeSpan.Zero;
        return sealer.NextDue is { } due && due < Pause ? due : Pause;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A crash of the embedded store may have torn it, and what signs entries must not meet one that is half redacted.
            await redactor.FinishAsync(connection.Database, cancellationToken);
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null)
        {
            logger.KeepingFailed(fault);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lease.ReleaseAtStopAsync(connection);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await AttemptAsync(stoppingToken);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whatever goes wrong, nothing is lost by trying again, and the process would end with this loop.
    private async Task<TimeSpan> AttemptAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await StepAsync(connection.BulkDatabase, stoppingToken);
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            sealer.Reset();
            logger.KeepingFailed(fault);
            return Pause;
        }
        catch (Exception fault) when (fault is OperationCanceledException or StoreUnavailableException or RedisException)
        {
            return Pause;
        }
    }
}
