using System.Runtime.CompilerServices;
using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>
/// Goes through the log run by run, reading ahead. How far it reads ahead begins with one run and doubles, so that a page that is
/// full at once has cost little, and a long scan keeps the store and every core busy.
/// </summary>
internal sealed class LogSearch(ILogRepository logs, ScanOptions options) : ILogSearch, IDisposable
{
    private const int MaxAhead = 16;

    private readonly SemaphoreSlim _reads = new(options.StoreReads);

    public async IAsyncEnumerable<ScanStep> ScanAsync(LogScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var end = scan.Order == LogOrder.OldestFirst ? scan.End : scan.First;
        var runs = ScanRun.Of(scan).GetEnumerator();
        var ahead = new Queue<Task<ScanStep>>();
        var width = 1;
        long? position = null;
        try
        {
            while (true)
            {
                while (ahead.Count < width && runs.MoveNext()) ahead.Enqueue(StepAsync(scan, runs.Current, stop.Token));
                if (!ahead.TryDequeue(out var next)) break;
                var step = await next;
                position = step.Position;
                width = (int)Math.Clamp(options.AheadBytes / Math.Max(step.Bytes, 1), 1, Math.Min(2 * width, MaxAhead));
                yield return step;
            }
        }
        finally
        {
            // What nobody waits for any more: its faults are of no interest, but it must be over before the source is gone.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (position != end) yield return new ScanStep([], end, 0, 0);
    }

    public void Dispose() => _reads.Dispose();

    private async Task<ScanStep> StepAsync(LogScan scan, ScanRun run, CancellationToken cancellationToken)
    {
        await _reads.WaitAsync(cancellationToken);
        try
        {
            var records = await logs.ReadRangeAsync(run.First, run.Count, cancellationToken);
            return Select(scan, run, records);
        }
        finally
        {
            _reads.Release();
        }
    }

    private static ScanStep Select(LogScan scan, ScanRun run, IReadOnlyList<StoredRecord> records)
    {
        var taken = new List<StoredRecord>();
        var bytes = 0L;
        foreach (var record in records)
        {
            bytes += record.Record.Length;
            if (scan.Filter.Matches(record.Record.Span)) taken.Add(record);
        }

        if (scan.Order == LogOrder.NewestFirst) taken.Reverse();
        return new ScanStep(taken, scan.Order == LogOrder.OldestFirst ? run.First + run.Count : run.First, records.Count, bytes);
    }
}
