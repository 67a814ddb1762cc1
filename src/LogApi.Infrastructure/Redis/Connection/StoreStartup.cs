using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>Brings the store up before anything else starts, and takes it down after everything else has stopped.</summary>
internal sealed class StoreStartup(StoreOptions options, RedisConnection connection) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        connection.OpenAsync(ConfigurationOptions.Parse(options.RedisUrl));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
