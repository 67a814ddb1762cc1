using LogApi.Domain.Hashing;

namespace LogApi.Domain.Entries;

/// <summary>
/// Who ran what, with which outcome, and the keyed hash that shows an edit. The position of an entry in the log is not part of
/// it: the store gives it.
/// </summary>
public sealed record LogEntry
{
    internal LogEntry(
        LogId id,
        UserId userId,
        QueryText query,
        LogStatus status,
        LogTimestamp timestamp,
        EntryHash hash,
        LogTimestamp? occurredAt,
        LogAttributes attributes)
    {
        Id = id;
        UserId = userId;
        Query = query;
        Status = status;
        Timestamp = timestamp;
        Hash = hash;
        OccurredAt = occurredAt;
        Attributes = attributes;
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

    /// <summary>When the client says it happened; none when it did not say.</summary>
    public LogTimestamp? OccurredAt { get; }

    /// <summary>What the client says besides.</summary>
    public LogAttributes Attributes { get; }

    /// <summary>Whether the client said when it happened, or anything besides.</summary>
    public bool HasContext => OccurredAt is not null || Attributes.Pairs.Count > 0;

    /// <summary>Makes a new entry and hashes it.</summary>
    /// <param name="userId">Who acted.</param>
    /// <param name="query">What was run.</param>
    /// <param name="status">With which outcome.</param>
    /// <param name="time">When the service accepted it.</param>
    /// <param name="hasher">Holds the secret.</param>
    /// <param name="occurredAt">When the client says it happened.</param>
    /// <param name="attributes">What the client says besides; nothing when null.</param>
    /// <param name="id">The client's id; when null, a new one whose time part is <paramref name="time"/>.</param>
    public static LogEntry Create(
        UserId userId,
        QueryText query,
        LogStatus status,
        DateTimeOffset time,
        EntryHasher hasher,
        LogTimestamp? occurredAt = null,
        LogAttributes? attributes = null,
        LogId? id = null)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        var timestamp = LogTimestamp.From(time);
        var hash = hasher.Hash(userId, query, status, timestamp);
        return new LogEntry(
            id ?? LogId.NewAt(time), userId, query, status, timestamp, hash, occurredAt, attributes ?? LogAttributes.None);
    }

    /// <summary>
    /// Whether the other entry says the same of the same user: all but the id, the time it was accepted at and, with that, the
    /// hash. It tells a repeated request from another one under the same id.
    /// </summary>
    public bool HasContentOf(LogEntry other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return UserId == other.UserId && Query == other.Query && Status == other.Status
            && OccurredAt == other.OccurredAt && Attributes.Equals(other.Attributes);
    }

    /// <summary>Gives the id alone: what was run is not for the service's own log.</summary>
    public override string ToString() => Id.ToString();
}
