using System.Globalization;
using System.Net;
using LogApi.Application.Common.Errors;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>
/// This process's connection to the store. It is opened by <see cref="StoreStartup"/> and mends itself; while it is down,
/// calls fail at once instead of queueing up. Replies come in the order of the commands, so a second one is for what is large
/// and may wait: no write, session or look-up stands behind a search.
/// </summary>
internal sealed class RedisConnection(StoreOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What the client name of the connection for large reads ends with.</summary>
    internal const string BulkSuffix = "-bulk";

    // A reply that nobody waits for any more still is on its way: a permit is given back when it is there.
    private readonly SemaphoreSlim _bulkReads = new(options.BulkReads);
    private volatile ConnectionMultiplexer? _multiplexer;
    private volatile ConnectionMultiplexer? _bulk;
    private volatile ISubscriber? _subscriber;
    private volatile string? _refusal;
    private volatile string? _integrityRefusal;
    private volatile bool _isSigningRefused;

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

    /// <summary>Gives the commands of the connection for large reads; while that one alone is down, those of the other.</summary>
    /// <exception cref="StoreUnavailableException">The store has not been started yet.</exception>
    public IDatabase BulkDatabase => _bulk is { IsConnected: true } bulk ? bulk.GetDatabase() : Database;

    /// <summary>Gives the connection's subscriptions.</summary>
    /// <exception cref="StoreUnavailableException">The store has not been started yet.</exception>
    public ISubscriber Subscriber => _subscriber ?? throw new StoreUnavailableException(StoreFailure.Unreachable);

    /// <summary>Why entries must not be given to the store, as <see cref="RedisStoreMonitor"/> last saw it; null when they may.</summary>
    public string? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>Why entries must not be added, as <see cref="Tree.TreeGuard"/> last saw it; null when they may.</summary>
    public string? IntegrityRefusal
    {
        get => _integrityRefusal;
        set => _integrityRefusal = value;
    }

    /// <summary>Whether this process refuses to sign, as <see cref="Tree.TreeGuard"/> last saw it; entries may be added all the same.</summary>
    public bool IsSigningRefused
    {
        get => _isSigningRefused;
        set => _isSigningRefused = value;
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
        var bulkConfiguration = configuration.Clone();
        bulkConfiguration.ClientName += BulkSuffix;
        var bulk = ConnectionMultiplexer.ConnectAsync(bulkConfiguration);
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        _bulk = await bulk;
        multiplexer.ConnectionRestored += (_, _) => Restored?.Invoke();
        multiplexer.ConnectionFailed += (_, _) => Lost?.Invoke();
        _multiplexer = multiplexer;
        _subscriber = multiplexer.GetSubscriber();
    }

    /// <summary>Runs a call, within <c>STORE_TIMEOUT_MS</c>.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        WaitAsync(() => call(Database), cancellationToken);

    /// <summary>
    /// Runs a read that may be large, on the connection for those: when it is its turn, and from then on within
    /// <c>STORE_TIMEOUT_MS</c>. It has one command at a time under way, of at most about
    /// <see cref="StoreOptions.BulkReplyBytes"/>, so that <c>STORE_BULK_BYTES</c> holds for all of them.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<T> ReadBulkAsync<T>(Func<IDatabase, Task<T>> read, CancellationToken cancellationToken)
    {
        await _bulkReads.WaitAsync(cancellationToken);
        return await WaitAsync(() => ReadBulkAsync(read), cancellationToken);
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
        if (Interlocked.Exchange(ref _bulk, null) is { } bulk) await bulk.DisposeAsync();
        if (Interlocked.Exchange(ref _multiplexer, null) is { } multiplexer) await multiplexer.DisposeAsync();
    }

    private async Task<T> ReadBulkAsync<T>(Func<IDatabase, Task<T>> read)
    {
        try
        {
            return await read(BulkDatabase);
        }
        finally
        {
            _bulkReads.Release();
        }
    }

    private async Task<T> WaitAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().WaitAsync(options.Timeout, time, cancellationToken);
        }
        catch (Exception fault) when (fault is not StoreUnavailableException && StoreFaults.Classify(fault) is { } failure)
        {
            throw new StoreUnavailableException(failure, innerException: fault);
        }
    }

    private static string Format(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint { Port: > 0 } dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        DnsEndPoint dns => dns.Host,
        _ => endPoint.ToString()!,
    };
}
