using LogApi.Application.Common.Errors;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>
/// This process's one connection to the store. It is opened by <see cref="StoreStartup"/> and mends itself; while it is down,
/// calls fail at once instead of queueing up.
/// </summary>
internal sealed class RedisConnection(StoreOptions options, TimeProvider time) : IAsyncDisposable
{
    private volatile ConnectionMultiplexer? _multiplexer;

    /// <summary>Raised, on a thread of the connection, each time the store can be reached again after it could not.</summary>
    public event Action? Restored;

    /// <summary>Raised, on a thread of the connection, each time the connection to the store breaks.</summary>
    public event Action? Lost;

    /// <summary>The keys this process uses.</summary>
    public RedisKeys Keys { get; } = new(options.KeyPrefix);

    /// <summary>Whether commands and subscriptions go through now.</summary>
    public bool IsConnected => _multiplexer?.IsConnected == true;

    /// <summary>Gives the connection's commands.</summary>
    /// <exception cref="StoreUnavailableException">The store has not been started yet.</exception>
    public IDatabase Database => Multiplexer.GetDatabase();

    /// <summary>Gives the connection's subscriptions.</summary>
    /// <exception cref="StoreUnavailableException">The store has not been started yet.</exception>
    public ISubscriber Subscriber => Multiplexer.GetSubscriber();

    /// <summary>Gives the connection's servers.</summary>
    /// <exception cref="StoreUnavailableException">The store has not been started yet.</exception>
    public IReadOnlyList<IServer> Servers => Multiplexer.GetServers();

    private ConnectionMultiplexer Multiplexer =>
        _multiplexer ?? throw new StoreUnavailableException(StoreFailure.Unreachable);

    /// <summary>Opens the connection. A store that is down is no error: the connection goes on trying.</summary>
    public async Task OpenAsync(ConfigurationOptions configuration)
    {
        var bound = options.TimeoutMilliseconds;
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.AsyncTimeout = bound;
        configuration.SyncTimeout = bound;
        configuration.ConnectTimeout = Math.Max(bound, 1000);
        configuration.ReconnectRetryPolicy = new LinearRetry(250);
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        configuration.ClientName ??= "logapi";
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        multiplexer.ConnectionRestored += (_, _) => Restored?.Invoke();
        multiplexer.ConnectionFailed += (_, _) => Lost?.Invoke();
        _multiplexer = multiplexer;
    }

    /// <summary>Runs a call, within <c>STORE_TIMEOUT_MS</c>.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(Database).WaitAsync(options.Timeout, time, cancellationToken);
        }
        catch (Exception fault) when (fault is not StoreUnavailableException && StoreFaults.Classify(fault) is { } failure)
        {
            throw new StoreUnavailableException(failure, innerException: fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } multiplexer) await multiplexer.DisposeAsync();
    }
}
