namespace LogApi.Web.Live.Connections;

/// <summary>A client that is asked from time to time whether it is still there.</summary>
internal interface IKeptAlive
{
    /// <summary>Does what is due about it. Returns at once.</summary>
    void KeepAlive();
}

/// <summary>
/// Looks after the WebSocket clients of a process, with one timer for all of them: the framework's own keep-alive has one for each,
/// which costs more than all else that an idle client does.
/// </summary>
internal sealed class KeepAliveService(LiveOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan MostBetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<IKeptAlive> _clients = [];

    /// <summary>Looks after <paramref name="client"/> from now on.</summary>
    public void Add(IKeptAlive client)
    {
        lock (_gate) _clients.Add(client);
    }

    /// <summary>Forgets a client that has ended.</summary>
    public void Remove(IKeptAlive client)
    {
        lock (_gate) _clients.Remove(client);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shortest = options.Ping < options.PingTimeout ? options.Ping : options.PingTimeout;
        var period = shortest / 4;
        using var timer = new PeriodicTimer(period < MostBetweenLooks ? period : MostBetweenLooks, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var client in Clients()) client.KeepAlive();
        }
    }

    // Clients come and go meanwhile, and do not wait for the writes.
    private IKeptAlive[] Clients()
    {
        lock (_gate) return [.. _clients];
    }
}
