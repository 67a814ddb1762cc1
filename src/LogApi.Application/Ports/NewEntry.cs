using LogApi.Domain.Entries;

namespace LogApi.Application.Ports;

/// <summary>An entry to append, with its record, which is encoded once.</summary>
/// <param name="entry">The entry.</param>
/// <param name="mayExist">
/// Whether an entry may be stored under this id already: true for an id that a client brought. It costs a look-up.
/// </param>
public sealed class NewEntry(LogEntry entry, bool mayExist)
{
    /// <summary>The most entries of one call to <see cref="ILogRepository.AppendAsync"/>.</summary>
    public const int MaxPerCall = 512;

    /// <summary>
    /// The most bytes of records of one call to <see cref="ILogRepository.AppendAsync"/>; a single entry may have more.
    /// </summary>
    public const int MaxBytesPerCall = 1024 * 1024;

    /// <summary>The entry.</summary>
    public LogEntry Entry { get; } = entry;

    /// <summary>Whether an entry may be stored under this id already.</summary>
    public bool MayExist { get; } = mayExist;

    /// <summary>The bytes that will be stored: <see cref="EntryRecord"/>.</summary>
    public ReadOnlyMemory<byte> Record { get; } = EntryRecord.Encode(entry);
}

/// <summary>What became of an entry that was to be appended.</summary>
/// <param name="Outcome">Whether it was stored.</param>
/// <param name="Sequence">
/// Its place in the log; the place of the entry that has its id when that was stored before; -1 when that was dropped.
/// </param>
/// <param name="Earlier">
/// The record that was stored before under its id, empty when that is gone from the store; empty for every other outcome.
/// </param>
public readonly record struct Appended(AppendOutcome Outcome, long Sequence, ReadOnlyMemory<byte> Earlier = default);

/// <summary>What became of an entry that was to be appended.</summary>
public enum AppendOutcome
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It is not stored: its id was stored before, with the same content or with other content.</summary>
    Known,

    /// <summary>It is not stored: its id was stored before, and that entry was dropped by retention since.</summary>
    Dropped,
}

/// <summary>What to do when as many entries wait to be stored as may.</summary>
public enum WhenFull
{
    /// <summary>Fail at once, for who has one entry and can come again.</summary>
    Fail,

    /// <summary>
    /// Wait for space, as long as one request may wait for the store, and leave a part of the queue to those who don't wait.
    /// </summary>
    Wait,
}
