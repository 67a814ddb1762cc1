using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>
/// Entries between their caller, who waits for a bounded time, and the writer, who never parts them. The state tells a caller
/// who gives up whether they can still be stored.
/// </summary>
/// <param name="entries">The entries.</param>
/// <param name="sides">What is stored beside each entry.</param>
/// <param name="lookedUp">
/// The sealed watermark up to which the ids that may be stored already were looked for in the sealed part of the log.
/// </param>
internal sealed class PendingAppend(IReadOnlyList<NewEntry> entries, IReadOnlyList<byte[]> sides, long lookedUp)
{
    // RunContinuationsAsynchronously: the writer must not run its callers' code.
    private readonly TaskCompletionSource<IReadOnlyList<AppendAnswer>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private State _state = State.Queued;
    private volatile bool _callerGaveUp;

    // Used by the writer only.
    private long? _endBefore;

    private enum State
    {
        /// <summary>No call to the store holds the entries, and none that did can have had an effect.</summary>
        Queued,

        /// <summary>A call to the store holds the entries, or one that held them has an unknown outcome.</summary>
        Sent,

        /// <summary>The caller has gone; the entries must not be sent.</summary>
        Abandoned,
    }

    public IReadOnlyList<NewEntry> Entries { get; } = entries;

    /// <summary>What is stored beside each entry.</summary>
    public IReadOnlyList<byte[]> Sides { get; } = sides;

    /// <summary>How many bytes the records have together.</summary>
    public long Bytes { get; } = entries.Sum(static entry => (long)entry.Record.Length);

    /// <summary>The id to ask for when the outcome is not known; none for several entries, whose caller knows their ids.</summary>
    public LogId? Id => Entries is [var single] ? single.Entry.Id : null;

    /// <summary>Whether the caller has left while a call to the store held the entries.</summary>
    public bool CallerGaveUp => _callerGaveUp;

    /// <summary>Completes with the answer for each entry, or with why there is none.</summary>
    public Task<IReadOnlyList<AppendAnswer>> Completion => _completion.Task;

    /// <summary>Called by the writer before each call to the store: false when the entries must be left out.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _state, State.Sent, State.Queued) != State.Abandoned;

    /// <summary>
    /// Called by the writer when a call that held the entries may have stored them, with an end of the log of before that call.
    /// </summary>
    public void NoteOutcomeUnknown(long end) => _endBefore ??= end;

    /// <summary>
    /// The sealed watermark below which an entry is surely not stored; none when it is stored nowhere, because its id was made for
    /// it and no call can have stored it.
    /// </summary>
    public long? LookedUp(NewEntry added) => added.MayExist ? lookedUp : _endBefore;

    /// <summary>Called by the writer when no call that held the entries can have reached the store.</summary>
    public void ReturnToQueue() => Interlocked.CompareExchange(ref _state, State.Queued, State.Sent);

    /// <summary>Called by a caller who waits no longer: true when nothing is stored and nothing ever will be.</summary>
    public bool TryAbandon()
    {
        if (Interlocked.CompareExchange(ref _state, State.Abandoned, State.Queued) != State.Sent) return true;
        _callerGaveUp = true;
        return false;
    }

    public void Succeed(IReadOnlyList<AppendAnswer> answers) => _completion.TrySetResult(answers);

    public void Fail(Exception reason) => _completion.TrySetException(reason);
}
