using LogApi.Application.Common.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>Brings the store up before anything else starts, and takes it down after everything else has stopped.</summary>
internal sealed class StoreStartup(
    StoreOptions options, RedisConnection connection, RedisStoreMonitor monitor, ILogger<StoreStartup> logger) : IHostedService
{
    private int _isAway;

    /// <exception cref="StartRefusedException">The store is set up to lose entries.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        connection.Lost += OnLost;
        connection.Restored += OnRestored;
        await connection.OpenAsync(RedisUrl.Parse(options.RedisUrl));
        if (await monitor.FindRefusalAsync(cancellationToken) is { } refusal) throw new StartRefusedException(refusal);
        if (!connection.IsConnected) OnLost();
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        connection.Lost -= OnLost;
        connection.Restored -= OnRestored;
        return Task.CompletedTask;
    }

    // Each connection tells for itself, and there may be several of them: one line for all.
    private void OnLost()
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0) StoreLog.Lost(logger, connection.Address);
    }

    private void OnRestored()
    {
        if (connection.IsConnected && Interlocked.Exchange(ref _isAway, 0) == 1) StoreLog.Restored(logger, connection.Address);
    }
}
