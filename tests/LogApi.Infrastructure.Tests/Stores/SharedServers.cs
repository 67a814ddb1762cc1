using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>One server of each kind for all tests that only need a key prefix of their own.</summary>
[SetUpFixture]
internal sealed class SharedServers
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static RedisServerProcess? _redis;

    /// <summary>Gives what a client needs to reach the shared server, which is started when it is first asked for.</summary>
    public static async Task<ConfigurationOptions> ConfigureAsync(StoreKind kind)
    {
        await Gate.WaitAsync();
        try
        {
            return kind switch
            {
                StoreKind.Redis => await ConfigureRedisAsync(),
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
    }

    private static async Task<ConfigurationOptions> ConfigureRedisAsync()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        _redis ??= await RedisServerProcess.StartAsync();
        return ConfigurationOptions.Parse(_redis.EndPoint);
    }
}
