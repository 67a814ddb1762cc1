using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>
/// A store as a test sees it: empty, since its key prefix is new, and to be reached over as many connections as the test wants
/// processes.
/// </summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly List<RedisConnection> _connections = [];
    private readonly ConfigurationOptions _configuration;

    private StoreFixture(ConfigurationOptions configuration, IStoreDurability durability, StoreOptions options)
    {
        _configuration = configuration;
        Durability = durability;
        Options = options;
    }

    /// <summary>The settings of every connection.</summary>
    public StoreOptions Options { get; }

    /// <summary>What the store leaves to its clients.</summary>
    public IStoreDurability Durability { get; }

    /// <summary>The first process's connection.</summary>
    public RedisConnection Connection => _connections[0];

    /// <summary>Opens a connection to the shared server of a kind, with a key prefix of its own.</summary>
    public static async Task<StoreFixture> StartAsync(StoreKind kind)
    {
        var (configuration, durability) = await SharedServers.UseAsync(kind);
        return await StartAsync(configuration, durability, new StoreOptions { KeyPrefix = $"test-{Guid.NewGuid():N}:" });
    }

    /// <summary>Opens a connection for a test that gives the store more to do at once than a request may wait for.</summary>
    public static async Task<StoreFixture> StartPatientAsync(StoreKind kind)
    {
        var (configuration, durability) = await SharedServers.UseAsync(kind);
        var options = new StoreOptions { KeyPrefix = $"test-{Guid.NewGuid():N}:", TimeoutMilliseconds = 20_000 };
        return await StartAsync(configuration, durability, options);
    }

    /// <summary>Opens a connection to a Redis, or to a proxy before it, of the test's own.</summary>
    public static Task<StoreFixture> StartAsync(ConfigurationOptions configuration, StoreOptions options) =>
        StartAsync(configuration, new RedisDurability(), options);

    /// <summary>Opens a connection to a server of the test's own.</summary>
    public static async Task<StoreFixture> StartAsync(
        ConfigurationOptions configuration, IStoreDurability durability, StoreOptions options)
    {
        var fixture = new StoreFixture(configuration, durability, options);
        await fixture.ConnectAsync();
        return fixture;
    }

    /// <summary>Opens a store of its own on the same server.</summary>
    public Task<StoreFixture> BranchAsync() => StartAsync(
        _configuration, Durability, new StoreOptions { KeyPrefix = $"test-{Guid.NewGuid():N}:", TimeoutMilliseconds = Options.TimeoutMilliseconds });

    /// <summary>Opens one more connection, as another process of the service would; the fixture closes it.</summary>
    public async Task<RedisConnection> ConnectAsync()
    {
        var connection = new RedisConnection(Options, TimeProvider.System);
        _connections.Add(connection);
        await connection.OpenAsync(_configuration.Clone());
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
    }
}
