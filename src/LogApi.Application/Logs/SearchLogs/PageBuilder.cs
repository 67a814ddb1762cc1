using LogApi.Application.Ports;

namespace LogApi.Application.Logs.SearchLogs;

/// <summary>Gathers a page from the steps of a scan, within what a page may hold and cost.</summary>
internal sealed class PageBuilder(LogScan scan, int limit, SearchOptions options)
{
    private readonly List<StoredRecord> _records = [];
    private long _recordBytes;
    private long _scannedEntries;
    private long _scannedBytes;

    /// <summary>The page's records.</summary>
    public IReadOnlyList<StoredRecord> Records => _records;

    /// <summary>Where the next page begins.</summary>
    public long Position { get; private set; } = Start(scan);

    /// <summary>Whether the scan ended before all of it was looked at.</summary>
    public bool HasMore => Position != (IsAscending(scan) ? scan.End : scan.First);

    private bool IsFull => _records.Count >= limit || _recordBytes >= options.PageBytes;

    private bool IsOverBudget => _scannedEntries >= options.ScanEntries || _scannedBytes >= options.ScanBytes;

    /// <summary>Takes what it can of a step and tells whether to go on.</summary>
    public bool Add(ScanStep step)
    {
        foreach (var record in step.Records)
        {
            if (!Fits(record)) return false;
            _records.Add(record);
            _recordBytes += record.Record.Length;
            Position = IsAscending(scan) ? record.Sequence + 1 : record.Sequence;
        }

        // What is left of the step holds nothing that is wanted.
        Position = step.Position;
        _scannedEntries += step.Entries;
        _scannedBytes += step.Bytes;
        return !IsFull && !IsOverBudget;
    }

    private static bool IsAscending(LogScan scan) => scan.Order == LogOrder.OldestFirst;

    private static long Start(LogScan scan) => IsAscending(scan) ? scan.First : scan.End;

    private bool Fits(StoredRecord record) =>
        _records.Count < limit && (_records.Count == 0 || _recordBytes + record.Record.Length <= options.PageBytes);
}
