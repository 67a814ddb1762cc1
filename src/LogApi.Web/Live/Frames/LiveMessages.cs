using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Web.Live.Frames;

/// <summary>The messages of the live endpoints. An entry keeps its stored bytes; the rest is written here.</summary>
internal static class LiveMessages
{
    /// <summary>Why an entry is missing whose record the store does not have any more.</summary>
    private const string Gone = "the record is gone from the store";

    /// <summary>Why an entry is missing whose record no client could read.</summary>
    private const string Damaged = "the stored record is damaged";

    /// <summary>Why entries may be missing after the store was emptied, replaced or set back.</summary>
    public const string StartedAnew = "the log was started anew";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The longest prefix that <see cref="WriteEntryPrefix"/> writes.</summary>
    public static int MaxPrefixBytes { get; } = "{\"type\":\"log\",\"seq\":,"u8.Length + 20;

    /// <summary>
    /// Writes what stands before a record, without its opening brace, and gives its length:
    /// <c>{"type":"log","seq":1,</c> for a message, <c>{"seq":1,</c> for an element of a list.
    /// </summary>
    public static int WriteEntryPrefix(Span<byte> target, long sequence, bool asMessage)
    {
        var start = asMessage ? "{\"type\":\"log\",\"seq\":"u8 : "{\"seq\":"u8;
        start.CopyTo(target);
        sequence.TryFormat(target[start.Length..], out var digits, default, CultureInfo.InvariantCulture);
        target[start.Length + digits] = (byte)',';
        return start.Length + digits + 1;
    }

    /// <summary>What stands in place of entries that can't be had: <c>{"type":"gap","from","to","reason"}</c>.</summary>
    /// <param name="from">The first number that is missing.</param>
    /// <param name="to">The last one; null when nobody knows where the old numbering ended.</param>
    /// <param name="reason">Why.</param>
    public static byte[] Gap(long from, long? to, string reason) => Write(json =>
    {
        json.WriteString("type"u8, "gap"u8);
        json.WriteNumber("from"u8, from);
        if (to is { } last) json.WriteNumber("to"u8, last);
        else json.WriteNull("to"u8);
        json.WriteString("reason"u8, reason);
    });

    /// <summary>What stands in place of one entry whose record is empty or can't be served.</summary>
    public static byte[] Missing(StoredRecord entry) =>
        Gap(entry.Sequence, entry.Sequence, WhyMissing(entry));

    /// <summary>Why an entry can't be given out whose record is empty or can't be served.</summary>
    public static string WhyMissing(StoredRecord entry) => entry.Record.IsEmpty ? Gone : Damaged;

    /// <summary>Tells a client that is too slow which entries it did not get: <c>{"type":"lagged","from","to"}</c>.</summary>
    public static byte[] Lagged(long from, long to) => Write(json =>
    {
        json.WriteString("type"u8, "lagged"u8);
        json.WriteNumber("from"u8, from);
        json.WriteNumber("to"u8, to);
    });

    /// <summary><c>{"type":"heartbeat","timestamp","active_connections"}</c>.</summary>
    public static byte[] Heartbeat(DateTimeOffset now, long connections) => Write(json =>
    {
        json.WriteString("type"u8, "heartbeat"u8);
        json.WriteString("timestamp"u8, LogTimestamp.From(now).Text);
        json.WriteNumber("active_connections"u8, connections);
    });

    /// <summary>
    /// <c>{"type":"integrity","state":"refused","reason"}</c> when the log can't be continued provably, and
    /// <c>{"type":"integrity","state":"ok"}</c> when it can again.
    /// </summary>
    public static byte[] Integrity(string? refusal) => Write(json =>
    {
        json.WriteString("type"u8, "integrity"u8);
        json.WriteString("state"u8, refusal is null ? "ok"u8 : "refused"u8);
        if (refusal is not null) json.WriteString("reason"u8, refusal);
    });

    /// <summary>The history message up to the opening bracket of its list; <c>]}</c> ends it.</summary>
    public static byte[] HistoryStart(string? userFilter, int limit, int offset, int count)
    {
        var start = Write(json =>
        {
            json.WriteString("type"u8, "logs_response"u8);
            json.WriteString("user_filter"u8, userFilter);
            json.WriteNumber("limit"u8, limit);
            json.WriteNumber("offset"u8, offset);
            json.WriteNumber("count"u8, count);
            json.WriteStartArray("logs"u8);
            json.WriteEndArray();
        });
        return start[..^2];
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
