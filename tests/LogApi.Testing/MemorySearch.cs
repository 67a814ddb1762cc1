using System.Runtime.CompilerServices;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Testing;

/// <summary>Goes through records in memory, in steps of a few.</summary>
public sealed class MemorySearch(IReadOnlyList<ReadOnlyMemory<byte>> records, int stepEntries = 256) : ILogSearch
{
    /// <summary>What every scan asked for.</summary>
    public IList<LogScan> Scans { get; } = [];

    /// <summary>How many records were looked at.</summary>
    public int Looked { get; private set; }

    /// <summary>Whether a scan that was begun has been ended by its reader or itself.</summary>
    public bool IsOver { get; private set; } = true;

    /// <summary>What happens instead of the step with this number.</summary>
    public Func<int, Exception?> Fault { get; init; } = _ => null;

    /// <summary>Records as the store has them.</summary>
    public static MemorySearch Of(params IEnumerable<LogEntry> entries) =>
        new([.. entries.Select(entry => (ReadOnlyMemory<byte>)EntryRecord.Encode(entry))]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ScanStep> ScanAsync(LogScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scan);
        Scans.Add(scan);
        IsOver = false;
        try
        {
            var isAscending = scan.Order == LogOrder.OldestFirst;
            var position = isAscending ? scan.First : scan.End;
            for (var step = 0; scan.First < scan.End && (step == 0 || position != (isAscending ? scan.End : scan.First)); step++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                if (Fault(step) is { } fault) throw fault;
                var first = isAscending ? position : Math.Max(scan.First, position - stepEntries);
                var end = isAscending ? Math.Min(scan.End, position + stepEntries) : position;
                var taken = Enumerable.Range((int)first, (int)(end - first))
                    .Select(number => new StoredRecord(number, records[number]) { Side = SideOf(scan, records[number]) })
                    .Where(record => scan.Filter.Matches(record.Record.Span))
                    .ToList();
                if (!isAscending) taken.Reverse();
                position = isAscending ? end : first;
                Looked += (int)(end - first);
                yield return new ScanStep(taken, position, (int)(end - first), 100 * (end - first));
            }

            if (scan.First >= scan.End) yield return new ScanStep([], isAscending ? scan.End : scan.First, 0, 0);
        }
        finally
        {
            IsOver = true;
        }
    }

    private static byte[] SideOf(LogScan scan, ReadOnlyMemory<byte> record) =>
        scan.WithSides && EntryRecord.TryDecode(record.Span, out var entry, out _) ? Some.Side(entry) : [];
}
