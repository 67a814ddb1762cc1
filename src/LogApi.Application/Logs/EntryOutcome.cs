using System.Diagnostics.CodeAnalysis;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs;

/// <summary>What an append means for the client that sent the entry.</summary>
internal static class EntryOutcome
{
    /// <summary>
    /// Gives the entry that is stored under the id: this one, or the one from before when it has the same content. Otherwise says
    /// why the client's entry is not stored.
    /// </summary>
    public static bool TryGetStored(
        LogEntry entry, in Appended appended, [NotNullWhen(true)] out LogEntry? stored, [NotNullWhen(false)] out Error? error)
    {
        stored = null;
        error = null;
        switch (appended.Outcome)
        {
            case AppendOutcome.Stored:
                stored = entry;
                break;
            case AppendOutcome.Dropped:
                error = Dropped(entry.Id);
                break;
            default:
                if (EntryRecord.TryDecode(appended.Earlier.Span, out var earlier, out _) && earlier.Id == entry.Id && earlier.HasContentOf(entry))
                    stored = earlier;
                else
                    error = appended.Earlier.IsEmpty ? Lost(entry.Id) : IsRedacted(appended.Earlier, entry.Id) ? Redacted(entry.Id) : Conflict(entry.Id);
                break;
        }

        return stored is not null;
    }

    /// <summary>Says that the entry under the id is another one.</summary>
    public static IdConflictError Conflict(LogId id) => new($"Another entry is stored under the id {id}: its content is not that of this one.");

    /// <summary>Says that the entry under the id is redacted: what it said can't be told any more, and is not stored again.</summary>
    public static IdConflictError Redacted(LogId id) => new(
        $"The entry that was stored under the id {id} was redacted since, so it can't be told whether this is the same one. It is not stored again.");

    /// <summary>Whether a record is what a redaction has left of an entry.</summary>
    public static bool IsRedacted(ReadOnlyMemory<byte> record, LogId id) =>
        RedactedRecord.TryDecode(record.Span, out var redacted) && redacted.Leaf.Id == id;

    /// <summary>Says that it can't be told any more which entry is under the id.</summary>
    public static IdConflictError Lost(LogId id) => new(
        $"An entry was stored under the id {id} before, as far as the store can tell, but its record is gone from the store. "
        + $"GET /api/v1/verify/{id} says more. To store this entry, give it another id.");

    /// <summary>Says that the entry under the id is gone.</summary>
    public static EntryDroppedError Dropped(LogId id) => new($"The entry {id} was stored before, and is no longer kept.");
}
