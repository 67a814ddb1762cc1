using LogApi.Application.Common.Errors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Ports;

/// <summary>
/// The log: entries in one order, numbered from 0 without holes. Every method throws
/// <see cref="StoreUnavailableException"/> when the store does not answer.
/// </summary>
public interface ILogRepository
{
    /// <summary>
    /// Stores entries at the end of the log, all of them or none, one after another. An entry whose id is already stored, or
    /// comes twice in one call, is not stored again, so what has no answer may be asked for again with the same ids.
    /// </summary>
    /// <param name="entries">
    /// 1 to <see cref="NewEntry.MaxPerCall"/>, with no more than <see cref="NewEntry.MaxBytesPerCall"/> of records when there
    /// are several.
    /// </param>
    /// <param name="whenFull">What to do when as many entries wait as may.</param>
    /// <param name="cancellationToken">Ends the call as long as nothing is on its way to the store.</param>
    /// <returns>What became of each entry, in their order, once the store has acknowledged them.</returns>
    Task<IReadOnlyList<Appended>> AppendAsync(
        IReadOnlyList<NewEntry> entries, WhenFull whenFull, CancellationToken cancellationToken);

    /// <summary>Finds what the store holds under an id, read from the store anew each time.</summary>
    Task<IdLookup> FindAsync(LogId id, CancellationToken cancellationToken);

    /// <summary>
    /// Gives where the newest entries are, newest first: those of one user, or of all when <paramref name="userId"/> is null.
    /// </summary>
    /// <param name="userId">Whose entries; all when null.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="offset">How many of the newest to pass over.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<LogPage> FindNewestAsync(UserId? userId, int limit, int offset, CancellationToken cancellationToken);

    /// <summary>Reads the records at the given sequence numbers, in that order; one that is gone comes back empty.</summary>
    Task<IReadOnlyList<StoredRecord>> ReadAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken);

    /// <summary>
    /// Reads up to <paramref name="count"/> consecutive records from <paramref name="from"/> on, up to the end of the log;
    /// one that is gone comes back empty.
    /// </summary>
    Task<LogRange> ReadRangeAsync(long from, int count, CancellationToken cancellationToken);

    /// <summary>Gives where the log ends now.</summary>
    Task<LogHead> GetHeadAsync(CancellationToken cancellationToken);
}

/// <summary>A record as it is stored: <see cref="EntryRecord"/> bytes at a place in the log.</summary>
/// <param name="Sequence">The entry's place, from 0.</param>
/// <param name="Record">The stored bytes; empty when the record is gone from the store.</param>
public readonly record struct StoredRecord(long Sequence, ReadOnlyMemory<byte> Record)
{
    /// <summary>The <see cref="Domain.Hashing.EntrySide"/> kept with its id, where that was asked for; empty when it is gone.</summary>
    public ReadOnlyMemory<byte> Side { get; init; }
}

/// <summary>Consecutive records, and the log that they were read from.</summary>
/// <param name="Head">Where the log ended when they were read, and which numbering theirs is.</param>
/// <param name="Records">The records, in order.</param>
public readonly record struct LogRange(LogHead Head, IReadOnlyList<StoredRecord> Records);

/// <summary>What the log knows of an id.</summary>
/// <param name="State">Whether there is, or was, an entry.</param>
/// <param name="Found">The entry when it is stored. Its record is empty when the id is known but the record is gone.</param>
public readonly record struct IdLookup(IdState State, FoundRecord Found)
{
    /// <summary>Nothing was ever stored under the id.</summary>
    public static IdLookup NeverStored => default;

    /// <summary>What was stored under the id has been dropped, as the operator's retention asks.</summary>
    public static IdLookup Dropped { get; } = new(IdState.Dropped, default);

    /// <summary>An entry is stored under the id.</summary>
    public static IdLookup Stored(FoundRecord found) => new(IdState.Stored, found);
}

/// <summary>Whether there is, or was, an entry under an id.</summary>
public enum IdState
{
    /// <summary>There never was.</summary>
    NeverStored,

    /// <summary>There is.</summary>
    Stored,

    /// <summary>There was; retention has dropped it.</summary>
    Dropped,
}

/// <summary>A record found by its id.</summary>
/// <param name="Stored">Where it is, and its bytes.</param>
/// <param name="Side">The <see cref="Domain.Hashing.EntrySide"/> kept with the id; empty when it is gone from the store.</param>
public readonly record struct FoundRecord(StoredRecord Stored, ReadOnlyMemory<byte> Side);

/// <summary>A page of the log, by number, and the end of the log it was taken at.</summary>
/// <param name="Head">Every entry of the page that was asked for and is below <c>Head.Next</c> is in it.</param>
/// <param name="Sequences">The numbers of the page's entries, newest first, all below <c>Head.Next</c>.</param>
public sealed record LogPage(LogHead Head, IReadOnlyList<long> Sequences);
