namespace LogApi.Application.Ports;

/// <summary>
/// Every entry of the log, once and in order, as it is stored by any process. It finds out by itself what it missed and reads
/// that from the store.
/// </summary>
public interface ILogFeed
{
    /// <summary>
    /// Adds an observer, which first gets <see cref="ILogFeedObserver.OnReset"/>. Observers are called in turn, never at once.
    /// </summary>
    /// <returns>Dispose it to be called no more.</returns>
    IDisposable Subscribe(ILogFeedObserver observer);
}

/// <summary>Sees the log grow. The methods must return at once: what waits here holds up every other observer.</summary>
public interface ILogFeedObserver
{
    /// <summary>The numbering starts, or starts anew: the next entry is <c>head.Next</c>.</summary>
    void OnReset(LogHead head);

    /// <summary>The next entries, in order, without holes after what came before. An empty record is one that is gone.</summary>
    void OnEntries(IReadOnlyList<StoredRecord> entries);

    /// <summary>
    /// Entries up to this number may have been redacted since they were given: what is kept of them must be let go of, and read
    /// anew when it is needed.
    /// </summary>
    void OnRedacted(long last);
}
