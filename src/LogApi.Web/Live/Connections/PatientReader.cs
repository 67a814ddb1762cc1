using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// Reads entries for clients that are connected already: a few reads at once for the whole process, and while the store is
/// away it waits and tries again, since the clients wait too.
/// </summary>
internal sealed class PatientReader(ILogRepository logs, LiveOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(4);

    private readonly SemaphoreSlim _reads = new(options.StoreReads, options.StoreReads);

    /// <summary>As <see cref="ILogRepository.ReadAsync"/>.</summary>
    public Task<IReadOnlyList<StoredRecord>> ReadAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        RetryAsync(() => logs.ReadAsync(sequences, cancellationToken), cancellationToken);

    /// <summary>
    /// As <see cref="ILogRepository.ReadRangeAsync"/>, from a place on. Nothing where something was: the log was set back or started
    /// anew and the feed is about to say so, so the caller should look at the ring again; that answer takes a moment, to keep it
    /// from asking in a circle.
    /// </summary>
    public async Task<IReadOnlyList<StoredRecord>> ReadRangeAsync(LiveCursor from, int count, CancellationToken cancellationToken)
    {
        var range = await RetryAsync(() => logs.ReadRangeAsync(from.Next, count, cancellationToken), cancellationToken);

        // Numbers that were given anew name other entries, whatever the place's own numbering says of them.
        var valid = from.Epoch.Length == 0 ? long.MaxValue : range.Head.ValidUpTo(from.Epoch) ?? 0;
        IReadOnlyList<StoredRecord> records = range.Records is [.., var last] && last.Sequence >= valid
            ? [.. range.Records.TakeWhile(record => record.Sequence < valid)]
            : range.Records;
        if (records.Count == 0) await Task.Delay(FirstDelay, time, cancellationToken);
        return records;
    }

    public void Dispose() => _reads.Dispose();

    private async Task<T> RetryAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            await _reads.WaitAsync(cancellationToken);
            try
            {
                return await read();
            }
            catch (StoreUnavailableException)
            {
                // Reported by whoever watches the store.
            }
            finally
            {
                _reads.Release();
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }
}
