using System.Threading.Channels;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>
/// What waits to be sent to the store, in the order it came, bounded by entries and bytes. Who fails at once may use all of
/// it; who waits for space gets half, so that bulk does not keep single entries out. Safe for many writers and one reader.
/// </summary>
internal sealed class AppendQueue(AppendOptions options, TimeProvider time)
{
    private readonly Channel<PendingAppend> _units =
        Channel.CreateUnbounded<PendingAppend>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _lock = new();

    // Below _lock.
    private readonly LinkedList<Waiter> _waiters = new();
    private long _entries;
    private long _bytes;

    /// <summary>How many entries wait.</summary>
    public long Entries
    {
        get
        {
            lock (_lock) return _entries;
        }
    }

    /// <summary>Adds a unit, or says that there is no space or the queue is closed.</summary>
    public bool TryAdd(PendingAppend unit)
    {
        lock (_lock)
        {
            if (!TryReserve(unit, share: 1)) return false;
        }

        return TryWrite(unit);
    }

    /// <summary>Adds a unit once there is space, in the order of the calls, or says that there was none in time.</summary>
    public async Task<bool> AddAsync(PendingAppend unit, TimeSpan patience, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter>? waiting = null;
        lock (_lock)
        {
            if (_waiters.Count > 0 || !TryReserve(unit, share: 2)) waiting = _waiters.AddLast(new Waiter(unit));
        }

        if (waiting is null) return TryWrite(unit);
        try
        {
            await waiting.Value.Granted.Task.WaitAsync(patience, time, cancellationToken);
            return TryWrite(unit);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                if (waiting.List is not null) _waiters.Remove(waiting);
                else Release(unit.Entries.Count, unit.Bytes);
            }

            if (fault is TimeoutException) return false;
            throw;
        }
    }

    /// <summary>Waits for a unit; false when the queue is closed and empty.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _units.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Moves the oldest units, one at the least, into a batch up to the bounds of one call to the store.</summary>
    public void TakeInto(List<PendingAppend> batch)
    {
        var entries = 0;
        var bytes = 0L;
        while (_units.Reader.TryPeek(out var oldest))
        {
            var fits = entries + oldest.Entries.Count <= options.BatchEntries && bytes + oldest.Bytes <= options.BatchBytes;
            if (batch.Count > 0 && !fits) break;
            _units.Reader.TryRead(out oldest);
            entries += oldest!.Entries.Count;
            bytes += oldest.Bytes;
            batch.Add(oldest);
        }

        lock (_lock) Release(entries, bytes);
    }

    /// <summary>Takes nothing more; what is in the queue stays.</summary>
    public void Close() => _units.Writer.TryComplete();

    private bool TryWrite(PendingAppend unit)
    {
        if (_units.Writer.TryWrite(unit)) return true;
        lock (_lock) Release(unit.Entries.Count, unit.Bytes);
        return false;
    }

    private bool TryReserve(PendingAppend unit, int share)
    {
        // A unit that is larger than the whole queue would never fit otherwise.
        var fits = _entries == 0
            || (_entries + unit.Entries.Count <= options.QueueEntries / share && _bytes + unit.Bytes <= options.QueueBytes / share);
        if (!fits) return false;
        _entries += unit.Entries.Count;
        _bytes += unit.Bytes;
        return true;
    }

    private void Release(int entries, long bytes)
    {
        _entries -= entries;
        _bytes -= bytes;
        while (_waiters.First is { } oldest && TryReserve(oldest.Value.Unit, share: 2))
        {
            _waiters.RemoveFirst();
            oldest.Value.Granted.SetResult();
        }
    }

    private sealed record Waiter(PendingAppend Unit)
    {
        // RunContinuationsAsynchronously: it is set below the lock.
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
