using System.Runtime.InteropServices;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.Replays;

/// <summary>What became of one item of a request that was answered, as far as its repeated answer can't be made from the item.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Sequence">The entry's place in the log, when there is an entry.</param>
/// <param name="EarlierTime">
/// The entry's time, when that is not the seed's: it was stored before under the client's id, or by an attempt after the first.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutcomeRow(OutcomeKind Kind, long Sequence = -1, DateTime EarlierTime = default)
{
    /// <summary>Gives the row of an entry that is stored, by this request or before it.</summary>
    public static OutcomeRow Of(LogEntry stored, long sequence, DateTimeOffset requestTime) => stored.Timestamp == LogTimestamp.From(requestTime)
        ? new OutcomeRow(OutcomeKind.Stored, sequence)
        : new OutcomeRow(OutcomeKind.Earlier, sequence, stored.Timestamp.Utc);
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
