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
    private readonly Dictionary<string, string> _settings;

    private Service(RedisServerProcess? redis, ServerProcess server, Dictionary<string, string> settings)
    {
        _redis = redis;
        _settings = settings;
        Server = server;
    }

    public ServerProcess Server { get; }

    /// <summary>The Redis behind it, for tests that use one.</summary>
    public RedisServerProcess Redis => _redis ?? throw new InvalidOperationException("The store is the embedded one.");

    public static async Task<Service> StartAsync(StoreKind kind, params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        var redis = kind == StoreKind.Redis ? await StartRedisAsync() : null;
        if (redis is not null)
        {
            all["REDIS_URL"] = redis.Url;
            AddSecrets(all);
        }

        return new Service(redis, await ServerProcess.StartAsync(all), all);
    }

    /// <summary>Adds the secrets that processes on one store must have in common.</summary>
    public static void AddSecrets(Dictionary<string, string> settings)
    {
        settings.TryAdd("JWT_SECRET_KEY", Some.Secret);
        settings.TryAdd("LOG_SIGNING_KEY", Some.SigningKey);
    }

    /// <summary>Starts another process on the same Redis, with the same settings.</summary>
    public Task<ServerProcess> StartAnotherAsync() => ServerProcess.StartAsync(_settings);

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
