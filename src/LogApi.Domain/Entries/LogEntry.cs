using LogApi.Domain.Hashing;

namespace LogApi.Domain.Entries;

/// <summary>
/// Who ran what, with which outcome, and the keyed hash that shows an edit. The position of an entry in the log is not part of
/// it: the store gives it.
/// </summary>
public sealed record LogEntry
{
    internal LogEntry(LogId id, UserId userId, QueryText query, LogStatus status, LogTimestamp timestamp, EntryHash hash)
    {
        Id = id;
        UserId = userId;
        Query = query;
        Status = status;
        Timestamp = timestamp;
        Hash = hash;
    }

    /// <summary>The entry's identifier.</summary>
    public LogId Id { get; }

    /// <summary>Who acted.</summary>
    public UserId UserId { get; }

    /// <summary>What was run.</summary>
    public QueryText Query { get; }

    /// <summary>With which outcome.</summary>
    public LogStatus Status { get; }

    /// <summary>When the service accepted it.</summary>
    public LogTimestamp Timestamp { get; }

    /// <summary>HMAC-SHA256 over <c>user_id|query|status|timestamp</c>.</summary>
    public EntryHash Hash { get; }

    /// <summary>Makes a new entry and hashes it. The id's time part is the entry's time.</summary>
    public static LogEntry Create(UserId userId, QueryText query, LogStatus status, DateTimeOffset time, EntryHasher hasher)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        var timestamp = LogTimestamp.From(time);
        var hash = hasher.Hash(userId, query, status, timestamp);
        return new LogEntry(LogId.NewAt(time), userId, query, status, timestamp, hash);
    }

    /// <summary>Gives the id alone: what was run is not for the service's own log.</summary>
    public override string ToString() => Id.ToString();
}
