using System.Threading.Tasks.Sources;

namespace LogApi.Web.Live.Ring;

/// <summary>
/// Wakes one waiter. Setting it before anyone waits is kept, setting it twice is once. Waiting allocates nothing, and the
/// waiter goes on in the thread pool, never inside <see cref="Set"/>.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Clear = 0;
    private const int Signaled = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Wakes the waiter, or the next one to come.</summary>
    public void Set()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == Signaled) return;
            if (state == Clear && Interlocked.CompareExchange(ref _state, Signaled, Clear) == Clear) return;
            if (state != Waiting || Interlocked.CompareExchange(ref _state, Clear, Waiting) != Waiting) continue;
            _source.SetResult(true);
            return;
        }
    }

    /// <summary>Waits until it is set. One at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Clear, Signaled) == Signaled) return ValueTask.CompletedTask;
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Clear) == Clear) return new ValueTask(this, _source.Version);
        Volatile.Write(ref _state, Clear);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
