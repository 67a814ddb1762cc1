using LogApi.Infrastructure.Embedded;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>One server of each kind for all tests that only need a key prefix of their own.</summary>
[SetUpFixture]
internal sealed class SharedServers
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly EmbeddedDurability EmbeddedDurability = new();
    private static RedisServerProcess? _redis;
    private static EmbeddedStore? _embedded;
    private static TempDirectory? _folder;

    /// <summary>Gives what a client needs to use the shared server, which is started when it is first asked for.</summary>
    public static async Task<(ConfigurationOptions Configuration, IStoreDurability Durability)> UseAsync(StoreKind kind)
    {
        await Gate.WaitAsync();
        try
        {
            return kind switch
            {
                StoreKind.Redis => (await ConfigureRedisAsync(), new RedisDurability()),
                StoreKind.Embedded => (await ConfigureEmbeddedAsync(), EmbeddedDurability),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            };
        }
        finally
        {
            Gate.Release();
        }
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        if (_embedded is not null) await _embedded.DisposeAsync();
        if (_folder is not null) await _folder.DisposeAsync();
    }

    private static async Task<ConfigurationOptions> ConfigureRedisAsync()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        _redis ??= await RedisServerProcess.StartAsync();
        return ConfigurationOptions.Parse(_redis.EndPoint);
    }

    private static async Task<ConfigurationOptions> ConfigureEmbeddedAsync()
    {
        _folder ??= new TempDirectory();
        _embedded ??= await EmbeddedStore.StartAsync(_folder.Combine("store"), NullLoggerFactory.Instance, default);
        EmbeddedDurability.Use(_embedded);
        return _embedded.CreateConfiguration();
    }
}
