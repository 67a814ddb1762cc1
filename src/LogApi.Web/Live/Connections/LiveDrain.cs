namespace LogApi.Web.Live.Connections;

/// <summary>A client that can be asked to come again elsewhere.</summary>
internal interface IDrainable
{
    /// <summary>Begins to close it. Returns at once.</summary>
    void Drain();
}

/// <summary>Closes the clients of a process that stops, some at a time, so that they do not all come to another one at once.</summary>
internal sealed class LiveDrain : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Together with the pauses about a second, of the few that the whole stop may take.
    private const int MostSteps = 50;

    private readonly Lock _gate = new();
    private readonly HashSet<IDrainable> _clients = [];
    private readonly LiveOptions _options;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _stopping;
    private Queue<IDrainable>? _left;
    private int _atOnce;

    public LiveDrain(LiveOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _options = options;
        _timer = time.CreateTimer(static drain => ((LiveDrain)drain!).Step(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stopping = lifetime.ApplicationStopping.Register(Begin);
    }

    /// <summary>Closes <paramref name="client"/> when the process stops; at once when it does so already.</summary>
    public void Add(IDrainable client)
    {
        lock (_gate)
        {
            _clients.Add(client);
            if (_left is null) return;
        }

        client.Drain();
    }

    /// <summary>Forgets a client that has ended.</summary>
    public void Remove(IDrainable client)
    {
        lock (_gate) _clients.Remove(client);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _timer.Dispose();
    }

    private void Begin()
    {
        lock (_gate)
        {
            _left = new Queue<IDrainable>(_clients);
            _atOnce = Math.Max(_options.DrainBatch, (_left.Count + MostSteps - 1) / MostSteps);
        }

        Step();
    }

    private void Step()
    {
        List<IDrainable> now = [];
        lock (_gate)
        {
            while (now.Count < _atOnce && _left!.TryDequeue(out var client)) now.Add(client);
            if (_left!.Count > 0) _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }

        foreach (var client in now) client.Drain();
    }
}
