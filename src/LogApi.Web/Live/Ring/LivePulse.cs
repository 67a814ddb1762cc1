namespace LogApi.Web.Live.Ring;

/// <summary>
/// Wakes every client at once when there is something new: immediately when it has been quiet, and at most once a tick under
/// load, so that each client sends everything new in one write.
/// </summary>
internal sealed class LivePulse : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<AsyncSignal> _waiters = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _tick;
    private readonly ITimer _timer;
    private long _last;
    private bool _armed;

    public LivePulse(LiveOptions options, TimeProvider time)
    {
        _time = time;
        _tick = options.Tick;
        _last = time.GetTimestamp() - (long)(_tick.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(
            static pulse => ((LivePulse)pulse!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes <paramref name="signal"/> from now on.</summary>
    public void Add(AsyncSignal signal)
    {
        lock (_gate) _waiters.Add(signal);
    }

    /// <summary>Wakes <paramref name="signal"/> no more.</summary>
    public void Remove(AsyncSignal signal)
    {
        lock (_gate) _waiters.Remove(signal);
    }

    /// <summary>Says that there is something new. Returns at once.</summary>
    public void Request()
    {
        lock (_gate)
        {
            if (_armed) return;
            var due = _tick - _time.GetElapsedTime(_last);
            if (due > TimeSpan.Zero)
            {
                _armed = true;
                _timer.Change(due, Timeout.InfiniteTimeSpan);
                return;
            }

            _last = _time.GetTimestamp();
        }

        // The feed must not wait until thousands of clients are woken.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Dispose() => _timer.Dispose();

    void IThreadPoolWorkItem.Execute() => WakeAll();

    private void OnTick()
    {
        lock (_gate)
        {
            _armed = false;
            _last = _time.GetTimestamp();
        }

        WakeAll();
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters) waiter.Set();
        }
    }
}
