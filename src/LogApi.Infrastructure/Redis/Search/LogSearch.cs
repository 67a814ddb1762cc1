using System.Runtime.CompilerServices;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Tree;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>
/// Goes through the log run by run, reading ahead. How far it reads ahead begins with one run and doubles, so that a page that is
/// full at once has cost little, and a long scan keeps the store and every core busy.
/// </summary>
internal sealed class LogSearch(
    HeadReader heads, BundleReader bundles, LeafSource leaves, ScanPlan plan, ScanOptions options) : ILogSearch, IDisposable
{
    private const int MaxAhead = 16;

    // A page is often followed by the next one. A scan that is longer than a page would only push out what others keep.
    private const int KeptRuns = 8;

    private readonly SemaphoreSlim _reads = new(options.StoreReads);

    public async IAsyncEnumerable<ScanStep> ScanAsync(LogScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var runs = plan.RunsAsync(scan, heads.Last, stop.Token).GetAsyncEnumerator(stop.Token);
        var ahead = new Queue<Task<ScanStep>>();
        var (width, begunRuns, begunEntries) = (1, 0, 0L);
        var wanted = scan.Filter.TakesAll ? scan.Wanted : 0;
        long? position = null;
        try
        {
            while (true)
            {
                while ((ahead.Count < width || (begunRuns == 1 && begunEntries < wanted)) && await runs.MoveNextAsync())
                {
                    begunEntries += runs.Current.Count;
                    ahead.Enqueue(StepAsync(scan, runs.Current, keep: begunRuns++ < KeptRuns, stop.Token));
                }

                if (!ahead.TryDequeue(out var next)) break;
                var step = await next;
                position = step.Position;
                width = (int)Math.Clamp(options.AheadBytes / Math.Max(step.Bytes, 1), 1, Math.Min(2 * width, MaxAhead));
                yield return step;
            }
        }
        finally
        {
            // What nobody waits for any more: its faults are of no interest, but it must be over before its permits are gone.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var end = scan.Order == LogOrder.OldestFirst ? scan.End : scan.First;
        if (position != end) yield return new ScanStep([], end, 0, 0);
    }

    public void Dispose() => _reads.Dispose();

    private async Task<ScanStep> StepAsync(LogScan scan, ScanRun run, bool keep, CancellationToken cancellationToken)
    {
        await _reads.WaitAsync(cancellationToken);
        try
        {
            var sides = scan.WithSides ? await leaves.ReadAsync(run.Places, cancellationToken) : null;
            var bundle = sides?.Content ?? await bundles.ReadAsync(run.Places, keep, cancellationToken);

            if (bundle.Count > 0) return Select(scan, run, bundle, sides);

            // Retention may have dropped it since the scan began: then nothing is missing.
            var isDropped = run.First < (await heads.ReadAsync(cancellationToken)).Head.First;
            return new ScanStep(isDropped ? [] : Gone(scan, run), PositionAfter(scan, run), isDropped ? 0 : run.Count, 0);
        }
        finally
        {
            _reads.Release();
        }
    }

    private static long PositionAfter(LogScan scan, ScanRun run) => scan.Order == LogOrder.OldestFirst ? run.End : run.First;

    // Nobody knows any more what the filter would take of a bundle that is gone whole, or can't be read.
    private static IReadOnlyList<StoredRecord> Gone(LogScan scan, ScanRun run)
    {
        var gone = Enumerable.Range(0, run.Count).Select(i => new StoredRecord(run.First + i, default));
        return [.. scan.Order == LogOrder.NewestFirst ? gone.Reverse() : gone];
    }

    private static ScanStep Select(LogScan scan, ScanRun run, LogBundle bundle, LeafBundle? sides)
    {
        var taken = new List<StoredRecord>();
        var bytes = 0L;
        var start = run.Bundle * RedisKeys.BundleSize;
        for (var sequence = run.First; sequence < run.End; sequence++)
        {
            var place = (int)(sequence - start);
            if (bundle.TryGetFields(place, out var fields))
            {
                bytes += fields.RecordLength;
                if (scan.Filter.Matches(fields.User, fields.Query, fields.Status, fields.Micros, fields.Context))
                    taken.Add(new StoredRecord(sequence, bundle.RecordAt(place)) { Side = sides?.SideAt(place) ?? default });
            }
            else
            {
                var record = bundle.RecordAt(place);
                bytes += record.Length;
                if (scan.Filter.Matches(record.Span)) taken.Add(new StoredRecord(sequence, record) { Side = sides?.SideAt(place) ?? default });
            }
        }

        if (scan.Order == LogOrder.NewestFirst) taken.Reverse();
        return new ScanStep(taken, PositionAfter(scan, run), run.Count, bytes);
    }
}
