using System.Security.Cryptography;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
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
/// The queue is bounded by entries and bytes; when it is full, an append fails at once or waits, as its caller wants. Entries
/// that came in together are sent together, in one call. At shutdown the queue is closed and drained. A call whose answer is lost is sent again with the same ids, which the script stores once.
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

    private readonly AppendQueue _queue = new(options, time);

    /// <summary>
    /// Raised, before the callers have their answers, for each batch this process stored: the epoch, and the entries in the
    /// order they were sent, whose numbers need not be without holes. It has no entries when a repeated call found all of
    /// them stored, which says only that the log has grown. A handler must return at once.
    /// </summary>
    public event Action<string, IReadOnlyList<StoredRecord>>? Appended;

    /// <summary>
    /// Stores entries in one call to the store and gives the answer for each, within <c>STORE_TIMEOUT_MS</c> from when they are
    /// in the queue.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="lookedUp">The sealed watermark up to which ids that may be stored already were looked up.</param>
    /// <param name="whenFull">What to do when as many entries wait as may.</param>
    /// <param name="cancellationToken">Ends the wait for space in the queue.</param>
    /// <exception cref="StoreUnavailableException">The entries are not stored, or their fate is not known.</exception>
    public async Task<IReadOnlyList<AppendAnswer>> AppendAsync(
        IReadOnlyList<NewEntry> entries, long lookedUp, WhenFull whenFull, CancellationToken cancellationToken)
    {
        var pending = new PendingAppend(entries, MakeSides(entries), lookedUp);
        var isQueued = whenFull == WhenFull.Fail
            ? _queue.TryAdd(pending)
            : await _queue.AddAsync(pending, store.Timeout, cancellationToken);
        if (!isQueued) throw new StoreUnavailableException(StoreFailure.Overloaded, pending.Id);
        try
        {
            return await pending.Completion.WaitAsync(store.Timeout, time, CancellationToken.None);
        }
        catch (TimeoutException fault)
        {
            var failure = pending.TryAbandon() ? StoreFailure.Unreachable : StoreFailure.OutcomeUnknown;
            throw new StoreUnavailableException(failure, pending.Id, fault);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Close();
        if (ExecuteTask is { } draining)
            await draining.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RepairAsync();
        var batch = new List<PendingAppend>(options.BatchEntries);
        while (await _queue.WaitAsync(stoppingToken))
        {
            await GatherAsync();
            _queue.TakeInto(batch);
            await StoreAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private byte[][] MakeSides(IReadOnlyList<NewEntry> entries)
    {
        // One call for all of them: each is a call to the system.
        var salts = RandomNumberGenerator.GetBytes(entries.Count * LogLeaf.SaltSize);
        var sides = new byte[entries.Count][];
        for (var i = 0; i < sides.Length; i++)
            sides[i] = EntrySide.Encode(hasher.Tag(entries[i].Entry), salts.AsSpan(i * LogLeaf.SaltSize, LogLeaf.SaltSize));
        return sides;
    }

    private async Task RepairAsync()
    {
        try
        {
            await script.RepairAsync();
        }
        catch (Exception fault)
        {
            // The first batch meets the same and says so to its callers.
            logger.RepairFailed(fault);
        }
    }

    /// <summary>
    /// Lets requests that are ready to run put their entries into the queue first. On an idle machine that takes no time; on a
    /// busy one it makes few large calls to the store out of many small ones.
    /// </summary>
    private async Task GatherAsync()
    {
        long before;
        do
        {
            before = _queue.Entries;
            await Task.Yield();
        }
        while (_queue.Entries > before && before < options.BatchEntries);
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
            var end = script.End;
            try
            {
                if (await script.TryRunAsync([.. batch]).WaitAsync(TimeLeft(started), time, CancellationToken.None) is not { } stored) continue;
                Complete(batch, stored.Epoch, stored.Answers, outcomeUnknown);
                return;
            }
            catch (Exception fault) when (StoreFaults.Classify(fault) is { } failure)
            {
                outcomeUnknown |= failure == StoreFailure.OutcomeUnknown;
                if (outcomeUnknown) batch.ForEach(pending => pending.NoteOutcomeUnknown(end));
                if (!outcomeUnknown) batch.ForEach(static pending => pending.ReturnToQueue());
                if (TimeLeft(started) <= RetryPause || stoppingToken.IsCancellationRequested
                    || batch.TrueForAll(static pending => pending.CallerGaveUp))
                {
                    logger.AppendFailed(fault, Count(batch), outcomeUnknown);
                    Fail(batch, outcomeUnknown ? StoreFailure.OutcomeUnknown : StoreFailure.Unreachable, fault);
                    return;
                }

                await Task.Delay(RetryPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (RedisServerException fault) when (fault.Message.StartsWith(AppendScript.DamagedReply, StringComparison.Ordinal))
            {
                logger.AppendRefused(fault, Count(batch));
                Fail(batch, StoreFailure.Unreachable, fault);
                return;
            }
            catch (Exception fault)
            {
                // The store refused the call as such: no other try would end otherwise, and no caller may wait for it.
                logger.AppendRefused(fault, Count(batch));
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

    private void Complete(List<PendingAppend> batch, string epoch, ReadOnlySpan<AppendAnswer> answers, bool isRepeated)
    {
        Announce(batch, epoch, answers, isRepeated);
        foreach (var unit in batch)
        {
            unit.Succeed(answers[..unit.Entries.Count].ToArray());
            answers = answers[unit.Entries.Count..];
        }
    }

    /// <summary>
    /// Leaves out what was stored before: its number says nothing of where the log ends. When the call is a repeated one, that
    /// can be the work of the call before, whose answer was lost.
    /// </summary>
    private void Announce(List<PendingAppend> batch, string epoch, ReadOnlySpan<AppendAnswer> answers, bool isRepeated)
    {
        var stored = new List<StoredRecord>(answers.Length);
        var at = 0;
        foreach (var added in batch.SelectMany(static unit => unit.Entries))
        {
            var answer = answers[at++];
            if (answer.Kind == AppendAnswerKind.Stored) stored.Add(new StoredRecord(answer.Sequence, added.Record));
        }

        if (stored.Count > 0 || isRepeated) Appended?.Invoke(epoch, stored);
    }

    private static int Count(List<PendingAppend> batch) => batch.Sum(static unit => unit.Entries.Count);

    private static void Fail(List<PendingAppend> batch, StoreFailure failure, Exception cause)
    {
        foreach (var pending in batch) pending.Fail(new StoreUnavailableException(failure, pending.Id, cause));
    }
}
