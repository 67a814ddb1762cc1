using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Embedded;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>Brings the store up before anything else starts, and takes it down after everything else has stopped.</summary>
internal sealed class StoreStartup(
    StoreOptions options,
    RedisConnection connection,
    RedisStoreMonitor monitor,
    EmbeddedDurability embeddedDurability,
    ILoggerFactory loggerFactory) : IHostedService, IStoreAccess, IAsyncDisposable
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<StoreStartup>();
    private EmbeddedStore? _embedded;
    private int _isAway;

    public Task OpenAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    /// <exception cref="StartRefusedException">The embedded store can't start, or Redis is set up to lose entries.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        connection.Lost += OnLost;
        connection.Restored += OnRestored;
        await connection.OpenAsync(options.IsEmbedded ? await StartEmbeddedAsync(cancellationToken) : RedisUrl.Parse(options.RedisUrl));
        if (await monitor.FindRefusalAsync(cancellationToken) is { } refusal) throw new StartRefusedException(refusal);
        if (!connection.IsConnected) OnLost();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        connection.Lost -= OnLost;
        connection.Restored -= OnRestored;
        await connection.DisposeAsync();
        embeddedDurability.Use(null);
        if (_embedded is not null) await _embedded.DisposeAsync();
    }

    /// <summary>Does what a stop does, for a host whose start was refused is not stopped.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task<ConfigurationOptions> StartEmbeddedAsync(CancellationToken cancellationToken)
    {
        _embedded = await EmbeddedStore.StartAsync(options.EmbeddedFolder, loggerFactory, cancellationToken);
        embeddedDurability.Use(_embedded);
        return _embedded.CreateConfiguration();
    }

    // Each connection tells for itself, and there may be several of them: one line for all.
    private void OnLost()
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0) StoreLog.Lost(_logger, connection.Address);
    }

    private void OnRestored()
    {
        if (!connection.IsConnected) return;
        if (Interlocked.Exchange(ref _isAway, 0) == 1) StoreLog.Restored(_logger, connection.Address);

        // It may be another server by now, or one that could not be asked at the start.
        if (!options.IsEmbedded) _ = InspectAsync();
    }

    private async Task InspectAsync()
    {
        if (await monitor.FindRefusalAsync(CancellationToken.None) is { } refusal) StoreLog.Refused(_logger, refusal);
    }
}
