using System.Threading.Channels;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>
/// Group commit: appends that come in while a call to the store is under way wait in a queue, and the next call takes all of
/// them. One call is under way at a time, so a process's entries are stored in the order they came in.
/// </summary>
/// <remarks>
/// The queue is bounded by entries and bytes; when it is full, an append fails at once. At shutdown the queue is closed and
/// drained. A call whose answer is lost is sent again with the same ids, which the script stores once.
/// </remarks>
internal sealed class GroupCommitWriter(
    AppendScript script,
    EntryHasher hasher,
    AppendOptions options,
    StoreOptions store,
    TimeProvider time,
    ILogger<GroupCommitWriter> logger) : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<PendingAppend> _queue = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(options.QueueEntries) { SingleReader = true });

    private long _queuedBytes;

    /// <summary>
    /// Raised, before the callers have their answers, for each batch this process stored: the epoch, and the entries in the
    /// order they were sent; their numbers can repeat and need not be without holes. A handler must return at once.
    /// </summary>
    public event Action<string, IReadOnlyList<StoredRecord>>? Appended;

    /// <summary>Stores an entry and gives its number, within <c>STORE_TIMEOUT_MS</c>.</summary>
    /// <exception cref="StoreUnavailableException">The entry is not stored, or its fate is not known.</exception>
    public async Task<long> AppendAsync(LogEntry entry)
    {
        var pending = new PendingAppend(entry, hasher.Tag(entry));
        Enqueue(pending);
        try
        {
            return await pending.Completion.WaitAsync(store.Timeout, time);
        }
        catch (TimeoutException fault)
        {
            var failure = pending.TryAbandon() ? StoreFailure.Unreachable : StoreFailure.OutcomeUnknown;
            throw new StoreUnavailableException(failure, entry.Id, fault);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } draining)
            await draining.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<PendingAppend>(options.BatchEntries);
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            await GatherAsync();
            TakeBatch(batch);
            await StoreAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private void Enqueue(PendingAppend pending)
    {
        var length = pending.Record.Length;
        if (Interlocked.Add(ref _queuedBytes, length) <= options.QueueBytes && _queue.Writer.TryWrite(pending)) return;
        Interlocked.Add(ref _queuedBytes, -length);
        throw new StoreUnavailableException(StoreFailure.Overloaded, pending.Entry.Id);
    }

    /// <summary>
    /// Lets requests that are ready to run put their entries into the queue first. On an idle machine that takes no time; on a
    /// busy one it makes few large calls to the store out of many small ones.
    /// </summary>
    private async Task GatherAsync()
    {
        int before;
        do
        {
            before = _queue.Reader.Count;
            await Task.Yield();
        }
        while (_queue.Reader.Count > before && before < options.BatchEntries);
    }

    private void TakeBatch(List<PendingAppend> batch)
    {
        var bytes = 0L;
        while (batch.Count < options.BatchEntries && _queue.Reader.TryPeek(out var oldest))
        {
            if (batch.Count > 0 && bytes + oldest.Record.Length > options.BatchBytes) break;
            _queue.Reader.TryRead(out oldest);
            bytes += oldest!.Record.Length;
            batch.Add(oldest);
        }

        Interlocked.Add(ref _queuedBytes, -bytes);
    }

    private async Task StoreAsync(List<PendingAppend> batch, CancellationToken stoppingToken)
    {
        var outcomeUnknown = false;
        var started = time.GetTimestamp();
        while (true)
        {
            batch.RemoveAll(static pending => !pending.TrySend());
            if (outcomeUnknown) DropThoseGivenUp(batch);
            if (batch.Count == 0) return;
            try
            {
                if (await script.TryRunAsync([.. batch]).WaitAsync(TimeLeft(started), time, CancellationToken.None) is not { } stored) continue;
                Complete(batch, stored.Epoch, stored.Sequences);
                return;
            }
            catch (Exception fault) when (StoreFaults.Classify(fault) is { } failure)
            {
                outcomeUnknown |= failure == StoreFailure.OutcomeUnknown;
                if (!outcomeUnknown) batch.ForEach(static pending => pending.ReturnToQueue());
                if (TimeLeft(started) <= RetryPause || stoppingToken.IsCancellationRequested
                    || batch.TrueForAll(static pending => pending.CallerGaveUp))
                {
                    logger.AppendFailed(fault, batch.Count, outcomeUnknown);
                    Fail(batch, outcomeUnknown ? StoreFailure.OutcomeUnknown : StoreFailure.Unreachable, fault);
                    return;
                }

                await Task.Delay(RetryPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (RedisServerException fault) when (fault.Message.StartsWith(AppendScript.DamagedReply, StringComparison.Ordinal))
            {
                logger.AppendRefused(fault, batch.Count);
                Fail(batch, StoreFailure.Unreachable, fault);
                return;
            }
            catch (Exception fault)
            {
                // The store refused the call as such: no other try would end otherwise, and no caller may wait for it.
                logger.AppendRefused(fault, batch.Count);
                batch.ForEach(pending => pending.Fail(fault));
                return;
            }
        }
    }

    /// <summary>
    /// Leaves out entries whose callers were told that the outcome is unknown: who has looked since and found nothing must not
    /// find the entry after all because it was sent once more.
    /// </summary>
    private static void DropThoseGivenUp(List<PendingAppend> batch) => batch.RemoveAll(static pending => pending.CallerGaveUp);

    private TimeSpan TimeLeft(long started)
    {
        var left = store.Timeout - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Complete(List<PendingAppend> batch, string epoch, long[] sequences)
    {
        var stored = new StoredRecord[batch.Count];
        for (var i = 0; i < sequences.Length; i++) stored[i] = new StoredRecord(sequences[i], batch[i].Record);
        Appended?.Invoke(epoch, stored);
        for (var i = 0; i < sequences.Length; i++) batch[i].Succeed(sequences[i]);
    }

    private static void Fail(List<PendingAppend> batch, StoreFailure failure, Exception cause)
    {
        foreach (var pending in batch) pending.Fail(new StoreUnavailableException(failure, pending.Entry.Id, cause));
    }
}
