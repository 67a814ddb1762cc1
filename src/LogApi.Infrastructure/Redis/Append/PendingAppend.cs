using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>
/// An entry between its caller, who waits for a bounded time, and the writer. Its state tells a caller who gives up whether
/// the entry can still be stored.
/// </summary>
internal sealed class PendingAppend(LogEntry entry, IdTag tag)
{
    // RunContinuationsAsynchronously: the writer must not run its callers' code.
    private readonly TaskCompletionSource<long> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private State _state = State.Queued;
    private volatile bool _callerGaveUp;

    private enum State
    {
        /// <summary>No call to the store holds the entry, and none that did can have had an effect.</summary>
        Queued,

        /// <summary>A call to the store holds the entry, or one that held it has an unknown outcome.</summary>
        Sent,

        /// <summary>The caller has gone; the entry must not be sent.</summary>
        Abandoned,
    }

    public LogEntry Entry { get; } = entry;

    public byte[] Record { get; } = EntryRecord.Encode(entry);

    public IdTag Tag { get; } = tag;

    /// <summary>Whether the caller has left while a call to the store held the entry.</summary>
    public bool CallerGaveUp => _callerGaveUp;

    /// <summary>Completes with the sequence number, or with why there is none.</summary>
    public Task<long> Completion => _completion.Task;

    /// <summary>Called by the writer before each call to the store: false when the entry must be left out.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _state, State.Sent, State.Queued) != State.Abandoned;

    /// <summary>Called by the writer when no call that held the entry can have reached the store.</summary>
    public void ReturnToQueue() => Interlocked.CompareExchange(ref _state, State.Queued, State.Sent);

    /// <summary>Called by a caller who waits no longer: true when the entry is not stored and never will be.</summary>
    public bool TryAbandon()
    {
        if (Interlocked.CompareExchange(ref _state, State.Abandoned, State.Queued) != State.Sent) return true;
        _callerGaveUp = true;
        return false;
    }

    public void Succeed(long sequence) => _completion.TrySetResult(sequence);

    public void Fail(Exception reason) => _completion.TrySetException(reason);
}
