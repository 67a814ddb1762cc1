using LogApi.Testing;

namespace LogApi.EndToEnd.Tests;

/// <summary>The stores that the whole service is tested on.</summary>
public enum StoreKind
{
    /// <summary>The one inside the process.</summary>
    Embedded,

    /// <summary>A <c>redis-server</c> that the test starts.</summary>
    Redis,
}

/// <summary>The source of fixtures whose constructor takes a <see cref="StoreKind"/>.</summary>
public static class StoreKinds
{
    public static IReadOnlyList<StoreKind> All { get; } = Enum.GetValues<StoreKind>();
}

/// <summary>One service on one store, for a test of its own.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly RedisServerProcess? _redis;

    private Service(RedisServerProcess? redis, ServerProcess server)
    {
        _redis = redis;
        Server = server;
    }

    public ServerProcess Server { get; }

    /// <summary>The Redis behind it, for tests that use one.</summary>
    public RedisServerProcess Redis => _redis ?? throw new InvalidOperationException("The store is the embedded one.");

    public static async Task<Service> StartAsync(StoreKind kind, params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        var redis = kind == StoreKind.Redis ? await StartRedisAsync() : null;
        if (redis is not null) all["REDIS_URL"] = redis.Url;
        return new Service(redis, await ServerProcess.StartAsync(all));
    }

    public static async Task<RedisServerProcess> StartRedisAsync()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        return await RedisServerProcess.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }
}
