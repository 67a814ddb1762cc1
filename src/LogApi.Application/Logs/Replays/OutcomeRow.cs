using System.Runtime.InteropServices;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Application.Logs.Replays;

/// <summary>What became of one item of a request that was answered, as far as its repeated answer can't be made from the item.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Sequence">The entry's place in the log, when there is an entry.</param>
/// <param name="SecretId">The <see cref="EntryHasher.SecretId"/> of the secret that the entry was hashed with, when there is an entry.</param>
/// <param name="EarlierTime">
/// The entry's time, when that is not the seed's: it was stored before under the client's id, or by an attempt after the first.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutcomeRow(OutcomeKind Kind, long Sequence = -1, uint SecretId = 0, DateTime EarlierTime = default)
{
    /// <summary>Gives the row of an entry that is stored, by this request or before it.</summary>
    /// <param name="stored">The entry.</param>
    /// <param name="appended">What the store said of it.</param>
    /// <param name="requestTime">The time of the request's seed.</param>
    /// <param name="hasher">Holds the secrets.</param>
    public static OutcomeRow Of(LogEntry stored, in Appended appended, DateTimeOffset requestTime, EntryHasher hasher)
    {
        // What was stored just now was hashed just now. A hash from before that no secret gives is not repeated.
        var secret = appended.Outcome == AppendOutcome.Stored ? hasher.SecretId : (hasher.Of(stored) ?? hasher).SecretId;
        return stored.Timestamp == LogTimestamp.From(requestTime)
            ? new OutcomeRow(OutcomeKind.Stored, appended.Sequence, secret)
            : new OutcomeRow(OutcomeKind.Earlier, appended.Sequence, secret, stored.Timestamp.Utc);
    }

    /// <summary>
    /// Gives an entry that was made again from the request as it is stored: at its own time, hashed with the secret of that time.
    /// Nothing when that is none of the secrets any more.
    /// </summary>
    /// <param name="entry">The entry, at the seed's time and hashed with the current secret.</param>
    /// <param name="hasher">Holds the secrets.</param>
    public LogEntry? Remake(LogEntry entry, EntryHasher hasher)
    {
        if (Kind == OutcomeKind.Stored && SecretId == hasher.SecretId) return entry;
        return hasher.Of(SecretId) is { } own
            ? LogEntry.Create(
                entry.UserId, entry.Query, entry.Status, new DateTimeOffset(Kind == OutcomeKind.Stored ? entry.Timestamp.Utc : EarlierTime),
                own, entry.OccurredAt, entry.Attributes, entry.Id)
            : null;
    }
}

/// <summary>What became of an item.</summary>
internal enum OutcomeKind
{
    /// <summary>It breaks a rule, whenever it is sent.</summary>
    Invalid,

    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It is stored with a time of its own: before under its client's id, or since the seed's time no longer held.</summary>
    Earlier,

    /// <summary>Another entry was stored before, under its client's id.</summary>
    Conflict,

    /// <summary>What was stored before under its client's id is no longer kept.</summary>
    Dropped,
}
