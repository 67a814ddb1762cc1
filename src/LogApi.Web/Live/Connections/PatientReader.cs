using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;

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
    /// As <see cref="ILogRepository.ReadRangeAsync"/>. Nothing where something was: the log was set back and the feed is about
    /// to say so, so the caller should look at the ring again; that answer takes a moment, to keep it from asking in a circle.
    /// </summary>
    public async Task<IReadOnlyList<StoredRecord>> ReadRangeAsync(long from, int count, CancellationToken cancellationToken)
    {
        var records = await RetryAsync(() => logs.ReadRangeAsync(from, count, cancellationToken), cancellationToken);
        if (records.Count == 0) await Task.Delay(FirstDelay, time, cancellationToken);
        return records;
    }

    public void Dispose() => _reads.Dispose();

    private async Task<IReadOnlyList<StoredRecord>> RetryAsync(
        Func<Task<IReadOnlyList<StoredRecord>>> read, CancellationToken cancellationToken)
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
