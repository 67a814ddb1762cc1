using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace LogApi.Domain.Entries;

/// <summary>
/// The stored form of an entry: one line of JSON with the members <c>id, user_id, query, status, timestamp, hash</c> and, when
/// the entry has them, <c>occurred_at, attributes</c>, in this order, no white space, UTF-8. The same bytes are served and streamed, so there is exactly one encoding of each entry, and
/// a record that differs from it in any byte was changed after it was written.
/// </summary>
public static class EntryRecord
{
    private static readonly string[] Members = ["id", "user_id", "query", "status", "timestamp", "hash"];

    /// <summary>Encodes an entry. Text is escaped as in RFC 8785 §3.2.2.2: no more than JSON requires.</summary>
    public static byte[] Encode(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var buffer = new ArrayBufferWriter<byte>(256 + entry.Query.Value.Length);
        buffer.Write("{\"id\":"u8);
        CanonicalText.Write(buffer, entry.Id.ToString());
        buffer.Write(",\"user_id\":"u8);
        CanonicalText.Write(buffer, entry.UserId.Value);
        buffer.Write(",\"query\":"u8);
        CanonicalText.Write(buffer, entry.Query.Value);
        buffer.Write(",\"status\":"u8);
        CanonicalText.Write(buffer, entry.Status.Value);
        buffer.Write(",\"timestamp\":"u8);
        CanonicalText.Write(buffer, entry.Timestamp.Text);
        buffer.Write(",\"hash\":"u8);
        CanonicalText.Write(buffer, entry.Hash.Hex);
        if (entry.HasContext)
        {
            buffer.Write(","u8);
            WriteContext(buffer, entry);
        }

        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Encodes a text, which must not hold lone surrogates, as it stands inside a record, without the quotes: the same text
    /// is the same bytes in every record.
    /// </summary>
    public static byte[] EncodeText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = new ArrayBufferWriter<byte>(text.Length + 2);
        CanonicalText.Write(buffer, text);
        return buffer.WrittenSpan[1..^1].ToArray();
    }

    /// <summary>Writes the members <c>occurred_at</c> and <c>attributes</c>, as far as the entry has them.</summary>
    internal static void WriteContext(IBufferWriter<byte> buffer, LogEntry entry)
    {
        if (entry.OccurredAt is { } occurredAt)
        {
            buffer.Write("\"occurred_at\":"u8);
            CanonicalText.Write(buffer, occurredAt.Text);
        }

        if (entry.Attributes.Pairs.Count == 0) return;
        buffer.Write(entry.OccurredAt is null ? "\"attributes\":"u8 : ",\"attributes\":"u8);
        entry.Attributes.Write(buffer);
    }

    /// <summary>
    /// Decodes a record. Fails, saying how in <paramref name="problem"/>, for anything but the exact bytes that
    /// <see cref="Encode"/> gives for some entry; whether the hash is right is not looked at.
    /// </summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> record, [NotNullWhen(true)] out LogEntry? entry, [NotNullWhen(false)] out string? problem)
    {
        problem = Decode(record, out entry);
        if (problem is null && !record.SequenceEqual(Encode(entry!)))
        {
            entry = null;
            problem = "the stored record is not in the form this service writes";
        }

        return problem is null;
    }

    private static string? Decode(ReadOnlySpan<byte> record, out LogEntry? entry)
    {
        entry = null;
        string?[] values;
        string? occurred;
        List<KeyValuePair<string, string?>>? pairs;
        try
        {
            values = ReadMembers(record, out occurred, out pairs);
        }
        catch (JsonException)
        {
            return "the stored record is not an entry's JSON";
        }
        catch (InvalidOperationException)
        {
            return "the stored record holds text that is not valid Unicode";
        }

        var text = new EntryText
        {
            Id = values[0],
            UserId = values[1],
            Query = values[2],
            Status = values[3],
            Timestamp = values[4],
            Hash = values[5],
            OccurredAt = occurred,
            Attributes = pairs,
        };
        return text.TryRead(out entry, out var problem) ? null : "the stored " + problem;
    }

    private static string?[] ReadMembers(
        ReadOnlySpan<byte> record, out string? occurredAt, out List<KeyValuePair<string, string?>>? attributes)
    {
        (occurredAt, attributes) = (null, null);
        var values = new string?[Members.Length];
        var json = new Utf8JsonReader(record);
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
        for (var i = 0; i < Members.Length; i++)
        {
            Expect(json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(Members[i]));
            Expect(json.Read() && json.TokenType == JsonTokenType.String);
            values[i] = json.GetString();
        }

        Expect(json.Read());
        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("occurred_at"u8))
        {
            Expect(json.Read() && json.TokenType == JsonTokenType.String);
            occurredAt = json.GetString();
            Expect(json.Read());
        }

        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("attributes"u8))
        {
            attributes = ReadAttributes(ref json);
            Expect(json.Read());
        }

        Expect(json.TokenType == JsonTokenType.EndObject);
        return values;
    }

    private static List<KeyValuePair<string, string?>> ReadAttributes(ref Utf8JsonReader json)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            Expect(json.Read() && json.TokenType == JsonTokenType.String);
            pairs.Add(KeyValuePair.Create(key, json.GetString()));
        }

        Expect(json.TokenType == JsonTokenType.EndObject);
        return pairs;
    }

    private static void Expect(bool condition)
    {
        if (!condition) throw new JsonException();
    }
}
