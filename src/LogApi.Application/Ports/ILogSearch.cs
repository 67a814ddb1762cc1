using LogApi.Application.Common.Errors;
using LogApi.Domain.Search;

namespace LogApi.Application.Ports;

/// <summary>
/// Goes through the log for the entries that a filter takes. Every method throws <see cref="StoreUnavailableException"/> when
/// the store does not answer.
/// </summary>
public interface ILogSearch
{
    /// <summary>
    /// Gives the records of a part of the log that the filter takes, in order and each once, a few at a time. A record that is
    /// gone from the store is empty; of a bundle that is gone whole, all records are given, for nobody knows any more what the
    /// filter would take. What cannot hold such records is passed over where the store knows that; a caller that stops to ask stops the reading. The last step ends where the part does, also when there was nothing to look at.
    /// </summary>
    IAsyncEnumerable<ScanStep> ScanAsync(LogScan scan, CancellationToken cancellationToken);
}

/// <summary>What to look for, and where.</summary>
/// <param name="Filter">Which entries.</param>
/// <param name="Order">In which order.</param>
/// <param name="First">The lowest number to look at.</param>
/// <param name="End">The number after the highest one to look at, at most <see cref="LogHead.Next"/>.</param>
/// <param name="Wanted">How many records the caller is out for, so that no more than these are read at first; 0 when it is for all.</param>
public sealed record LogScan(LogFilter Filter, LogOrder Order, long First, long End, int Wanted = 0)
{
    /// <summary>Whether what is kept with the ids of the records is given with them, all read from the store anew.</summary>
    public bool WithSides { get; init; }
}

/// <summary>In which order entries are given.</summary>
public enum LogOrder
{
    /// <summary>From the end of the log backwards.</summary>
    NewestFirst,

    /// <summary>As they were stored.</summary>
    OldestFirst,
}

/// <summary>One step of a scan.</summary>
/// <param name="Records">The records that the filter takes, in the order asked for; there may be none.</param>
/// <param name="Position">
/// How far the scan got: everything before this number has been looked at, oldest first, or everything from it on, newest first.
/// </param>
/// <param name="Entries">How many records this step looked at.</param>
/// <param name="Bytes">How many bytes they have.</param>
public readonly record struct ScanStep(IReadOnlyList<StoredRecord> Records, long Position, int Entries, long Bytes);
