using System.Globalization;
using System.Net;
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
    private volatile ISubscriber? _subscriber;
    private volatile string? _refusal;

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
    public ISubscriber Subscriber => _subscriber ?? throw new StoreUnavailableException(StoreFailure.Unreachable);

    /// <summary>Why entries must not be given to the store, as <see cref="RedisStoreMonitor"/> last saw it; null when they may.</summary>
    public string? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>Where the connection goes, as host and port, for an operator.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Gives the connection's servers.</summary>
    /// <exception cref="StoreUnavailableException">The store has not been started yet.</exception>
    public IReadOnlyList<IServer> Servers => Multiplexer.GetServers();

    private ConnectionMultiplexer Multiplexer =>
        _multiplexer ?? throw new StoreUnavailableException(StoreFailure.Unreachable);

    /// <summary>Opens the connection. A store that is down is no error: the connection goes on trying.</summary>
    public async Task OpenAsync(ConfigurationOptions configuration)
    {
        var bound = options.TimeoutMilliseconds;
        Address = string.Join(", ", configuration.EndPoints.Select(Format));
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.AsyncTimeout = bound;
        configuration.SyncTimeout = bound;
        configuration.ConnectTimeout = Math.Max(bound, 1000);
        configuration.ReconnectRetryPolicy = new LinearRetry(250);
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);

        // The client's word for INFO and CONFIG GET, which the monitor asks; nothing here uses the rest of it.
        configuration.AllowAdmin = true;
        configuration.ClientName ??= "logapi";
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        multiplexer.ConnectionRestored += (_, _) => Restored?.Invoke();
        multiplexer.ConnectionFailed += (_, _) => Lost?.Invoke();
        _multiplexer = multiplexer;
        _subscriber = multiplexer.GetSubscriber();
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

    /// <summary>Waits until answered writes are as durable as the store makes them, within <c>STORE_TIMEOUT_MS</c>.</summary>
    /// <exception cref="StoreUnavailableException">They may or may not be.</exception>
    public async Task CommitAsync(IStoreDurability durability, CancellationToken cancellationToken)
    {
        try
        {
            await durability.CommitAsync(cancellationToken).WaitAsync(options.Timeout, time, cancellationToken);
        }
        catch (TimeoutException fault)
        {
            throw new StoreUnavailableException(StoreFailure.OutcomeUnknown, innerException: fault);
        }
    }

    /// <summary>
    /// Asks for the messages of a channel, for as long as the connection lives. While the store is down there are none; the
    /// subscription is made, or made again, when it is back.
    /// </summary>
    public async Task SubscribeAsync(RedisChannel channel, Action<RedisValue> handler)
    {
        try
        {
            await Subscriber.SubscribeAsync(channel, (_, message) => handler(message));
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null)
        {
            // The client has noted the subscription before it tried, and tries again by itself on each connection.
        }
    }

    /// <summary>Whether the store has confirmed a subscription on the connection that there is now.</summary>
    public bool IsSubscribed(RedisChannel channel) => _subscriber?.SubscribedEndpoint(channel) is not null;

    public async ValueTask DisposeAsync()
    {
        _subscriber = null;
        if (Interlocked.Exchange(ref _multiplexer, null) is { } multiplexer) await multiplexer.DisposeAsync();
    }

    private static string Format(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint { Port: > 0 } dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        DnsEndPoint dns => dns.Host,
        _ => endPoint.ToString()!,
    };
}
