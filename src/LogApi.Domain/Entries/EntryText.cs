using System.Diagnostics.CodeAnalysis;
using LogApi.Domain.Hashing;

namespace LogApi.Domain.Entries;

/// <summary>An entry member by member, as somebody has it: each may be missing, or be no such value at all.</summary>
public sealed record EntryText
{
    /// <summary>The entry's UUID.</summary>
    public string? Id { get; init; }

    /// <summary>Who acted.</summary>
    public string? UserId { get; init; }

    /// <summary>What was run.</summary>
    public string? Query { get; init; }

    /// <summary>With which outcome.</summary>
    public string? Status { get; init; }

    /// <summary>When the service accepted it.</summary>
    public string? Timestamp { get; init; }

    /// <summary>The keyed hash.</summary>
    public string? Hash { get; init; }

    /// <summary>When the client says it happened.</summary>
    public string? OccurredAt { get; init; }

    /// <summary>What the client says besides.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string?>>? Attributes { get; init; }

    /// <summary>
    /// Makes the entry that has these members, as it was stored: times only in the form that is stored. Whether its hash is right is
    /// not looked at.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="problem">The first member that is not one of a stored entry, by its name, and why; none when all are.</param>
    public bool TryRead([NotNullWhen(true)] out LogEntry? entry, [NotNullWhen(false)] out string? problem)
    {
        entry = null;
        problem = Read(out entry);
        return entry is not null;
    }

    /// <summary>Gives the id alone: what was run is not for the service's own log.</summary>
    public override string ToString() => Id ?? "";

    private string? Read(out LogEntry? entry)
    {
        entry = null;
        if (!LogId.TryCreate(Id, out var id)) return "id is not a UUID";
        if (!Entries.UserId.TryCreate(UserId, out var userId)) return $"user_id {Entries.UserId.Check(UserId)}";
        if (!QueryText.TryCreate(Query, out var query)) return $"query {QueryText.Check(Query)}";
        if (!LogStatus.TryCreate(Status, out var status)) return $"status {LogStatus.Check(Status)}";
        if (!LogTimestamp.TryParse(Timestamp, out var timestamp)) return "timestamp is not of the form this service writes";
        if (!EntryHash.TryParse(Hash, out var hash)) return "hash is not 64 hexadecimal digits";
        LogTimestamp? occurredAt = null;
        if (OccurredAt is not null && !LogTimestamp.TryParse(OccurredAt, out occurredAt))
            return "occurred_at is not of the form this service writes";
        if (!LogAttributes.TryCreate(Attributes, out var attributes)) return "attributes " + LogAttributes.Check(Attributes);
        entry = new LogEntry(id, userId, query, status, timestamp, hash, occurredAt, attributes);
        return null;
    }
}
