using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LogApi.Application.Logs.FollowLogs;
using LogApi.Application.Ports;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Http;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Frames;

/// <summary>The messages of the live endpoints. An entry keeps its stored bytes; the rest is written here.</summary>
internal static class LiveMessages
{
    /// <summary>Why an entry is missing whose record the store does not have any more.</summary>
    private const string Gone = "the record is gone from the store";

    /// <summary>Why an entry is missing whose record no client could read.</summary>
    private const string Damaged = "the stored record is damaged";

    private static ReadOnlySpan<byte> BatchStart => "{\"type\":\"logs_batch\",\"logs\":["u8;

    private static ReadOnlySpan<byte> BatchEnd => "]}"u8;

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

    /// <summary>Tells where a stream begins: <c>{"type":"resumed","recovered","epoch","seq"}</c>.</summary>
    /// <param name="isRecovered">Whether the client gets all that came since it broke off; null when it asked for no such thing.</param>
    /// <param name="at">Where the client is.</param>
    public static byte[] Resumed(bool? isRecovered, LiveCursor at) => Write(json =>
    {
        json.WriteString("type"u8, "resumed"u8);
        if (isRecovered is { } recovered) json.WriteBoolean("recovered"u8, recovered);
        WritePosition(json, at);
    });

    /// <summary>
    /// Tells of entries that can't be had: <c>{"type":"gap","from","to","reason","epoch","seq"}</c>, with <c>"recovered":false</c>
    /// when that is the answer to a client that asked to go on.
    /// </summary>
    /// <param name="missed">Which, and why.</param>
    /// <param name="isAnswer">Whether it answers a client that asked to go on.</param>
    /// <param name="at">Where the client is after it.</param>
    public static byte[] Gap(MissedEntries missed, bool isAnswer, LiveCursor at) => Write(json =>
    {
        json.WriteString("type"u8, "gap"u8);
        json.WriteNumber("from"u8, missed.From);
        if (missed.To is { } last) json.WriteNumber("to"u8, last);
        else json.WriteNull("to"u8);
        json.WriteString("reason"u8, missed.Reason);
        if (isAnswer) json.WriteBoolean("recovered"u8, value: false);
        WritePosition(json, at);
    });

    /// <summary>What stands in place of one entry whose record is empty or can't be served.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="asMessage">Whether it is a message of a stream, which has a position.</param>
    public static byte[] Missing(StoredRecord entry, bool asMessage) => Write(json =>
    {
        json.WriteString("type"u8, "gap"u8);
        if (asMessage) json.WriteNumber("seq"u8, entry.Sequence);
        json.WriteNumber("from"u8, entry.Sequence);
        json.WriteNumber("to"u8, entry.Sequence);
        json.WriteString("reason"u8, WhyMissing(entry));
    });

    /// <summary>Why an entry can't be given out whose record is empty or can't be served.</summary>
    public static string WhyMissing(StoredRecord entry) => entry.Record.IsEmpty ? Gone : Damaged;

    /// <summary>Gives the number of a message made of one record.</summary>
    public static long SequenceOf(ReadOnlySpan<byte> message)
    {
        // All kinds have a name of this length, and their number right behind it.
        var digits = message["{\"type\":\"log\",\"seq\":"u8.Length..];
        return Utf8Parser.TryParse(digits, out long sequence, out _)
            ? sequence
            : throw new ArgumentException("The message is of no record.", nameof(message));
    }

    /// <summary>How many bytes <see cref="WriteBatch"/> writes at the most.</summary>
    public static int BatchBytes(int frameBytes) => BatchStart.Length + frameBytes + BatchEnd.Length;

    /// <summary>Puts messages into one: <c>{"type":"logs_batch","logs":[...]}</c>, and gives its length.</summary>
    /// <param name="target">Room for <see cref="BatchBytes"/>.</param>
    /// <param name="frames">WebSocket messages, whose headers are longer than the commas that come between them.</param>
    public static int WriteBatch(Span<byte> target, ReadOnlySpan<byte> frames)
    {
        BatchStart.CopyTo(target);
        var used = BatchStart.Length;
        var messages = new FrameReader(frames);
        while (messages.MoveNext())
        {
            if (used > BatchStart.Length) target[used++] = (byte)',';
            messages.Payload.CopyTo(target[used..]);
            used += messages.Payload.Length;
        }

        BatchEnd.CopyTo(target[used..]);
        return used + BatchEnd.Length;
    }

    /// <summary>Tells a client that is too slow which entries it did not get: <c>{"type":"lagged","from","to","epoch","seq"}</c>.</summary>
    public static byte[] Lagged(long from, LiveCursor at) => Write(json =>
    {
        json.WriteString("type"u8, "lagged"u8);
        json.WriteNumber("from"u8, from);
        json.WriteNumber("to"u8, at.Seq);
        WritePosition(json, at);
    });

    /// <summary><c>{"type":"heartbeat","timestamp","active_connections","epoch","seq"}</c>.</summary>
    public static byte[] Heartbeat(LiveBeat beat, LiveCursor at) => Write(json =>
    {
        json.WriteString("type"u8, "heartbeat"u8);
        json.WriteString("timestamp"u8, beat.Timestamp);
        json.WriteNumber("active_connections"u8, beat.Connections);
        WritePosition(json, at);
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

    /// <summary>Tells why an event stream ends, and how to go on: <c>{"code","reason","after","retry_ms"}</c>.</summary>
    public static byte[] Closed(int code, string reason, LiveCursor at, int retryMilliseconds) => Write(json =>
    {
        json.WriteNumber("code"u8, code);
        json.WriteString("reason"u8, reason);
        json.WriteString("after"u8, at.ToString());
        json.WriteNumber("retry_ms"u8, retryMilliseconds);
    });

    /// <summary>The history message up to the opening bracket of its list.</summary>
    public static byte[] HistoryStart(string? userFilter, HistoryRange range, int count)
    {
        var start = Write(json =>
        {
            json.WriteString("type"u8, "logs_response"u8);
            json.WriteString("user_filter"u8, userFilter);
            json.WriteNumber("limit"u8, range.Limit);
            json.WriteNumber("offset"u8, range.Offset);
            json.WriteNumber("count"u8, count);
            json.WriteStartArray("logs"u8);
            json.WriteEndArray();
        });
        return start[..^2];
    }

    /// <summary>The rest of the history message behind its list.</summary>
    public static byte[] HistoryEnd(string? nextCursor, LiveCursor at)
    {
        var end = Write(json =>
        {
            WritePosition(json, at);
            if (nextCursor is null) json.WriteNull("next_cursor"u8);
            else json.WriteString("next_cursor"u8, nextCursor);
        });
        end[0] = (byte)',';
        return [(byte)']', .. end];
    }

    private static void WritePosition(Utf8JsonWriter json, LiveCursor at)
    {
        json.WriteString("epoch"u8, at.Epoch);
        json.WriteNumber("seq"u8, at.Seq);
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
