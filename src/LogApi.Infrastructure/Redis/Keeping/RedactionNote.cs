using System.Text;
using System.Text.Json;
using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// What the head has of a redaction until it is done: whatever it takes to finish it without reading the entry again. The entry's
/// user and status are in it, so it goes last.
/// </summary>
internal sealed record RedactionNote
{
    /// <summary>The log.</summary>
    public required string Epoch { get; init; }

    /// <summary>The entry's place.</summary>
    public required long Sequence { get; init; }

    /// <summary>What is left of it: <see cref="RedactedRecord"/>.</summary>
    public required string Record { get; init; }

    /// <summary>What stands beside that.</summary>
    public required byte[] Side { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary>With which status.</summary>
    public required string Status { get; init; }

    /// <summary>How many bytes the record had.</summary>
    public required int Length { get; init; }

    /// <summary>Who redacts it.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The id of the entry that tells it, random: nobody can take it beforehand.</summary>
    public required string ToldAs { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whether it is told and counted, and erased from the hot part.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Makes the note of a redaction that begins.</summary>
    public static RedactionNote Of(Redaction redaction, string epoch, EntryHasher hasher, DateTimeOffset now) => new()
    {
        Epoch = epoch,
        Sequence = redaction.Sequence,
        Record = redaction.Record.ToString(),
        Side = hasher.Tag(redaction.Record).Bytes.ToArray(),
        UserId = redaction.Entry.UserId.Value,
        Status = redaction.Entry.Status.Value,
        Length = redaction.Length,
        By = redaction.By.Value,
        Reason = redaction.Reason,
        ToldAs = LogId.NewAt(now).ToString(),
        Time = now,
    };

    /// <summary>Reads what <see cref="ToString"/> gives; nothing when somebody changed it.</summary>
    public static RedactionNote? Parse(RedisValue text)
    {
        try
        {
            var note = JsonSerializer.Deserialize<RedactionNote>(text.ToString());
            return note is not null && RedactedRecord.TryDecode(Encoding.UTF8.GetBytes(note.Record), out _) && note.Sequence >= 0
                && Domain.Entries.UserId.TryCreate(note.By, out _) && LogId.TryCreate(note.ToldAs, out _)
                ? note
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes the entry that tells the redaction: the same one each time.</summary>
    public LogEntry Tell(EntryHasher hasher)
    {
        RedactedRecord.TryDecode(Encoding.UTF8.GetBytes(Record), out var redacted);
        var attributes = LogAttributes.Create(
        [
            KeyValuePair.Create("by", (string?)By),
            KeyValuePair.Create("entry_id", (string?)redacted!.Leaf.Id.ToString()),
            KeyValuePair.Create("entry_seq", (string?)FormattableString.Invariant($"{Sequence}")),
            KeyValuePair.Create("reason", (string?)Reason),
        ]);
        return LogEntry.Create(
            ServiceUsers.Redaction,
            QueryText.Create(FormattableString.Invariant($"Redacted entry {Sequence}, {redacted.Leaf.Id}: {Reason}")),
            Redaction.Status, Time, hasher, attributes: attributes, id: LogId.Create(ToldAs));
    }

    /// <summary>One line of JSON.</summary>
    public override string ToString() => JsonSerializer.Serialize(this);
}
