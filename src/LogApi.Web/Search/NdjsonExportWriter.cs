using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Search;

/// <summary>
/// One JSON object a line: entries, which have no <c>type</c>; <c>{"type":"gap"}</c> in place of one that can't be given out; and
/// at the very end <c>{"type":"end","count","has_more","next_cursor"}</c>. Without that last line the transfer broke off.
/// </summary>
internal sealed class NdjsonExportWriter(PipeWriter body) : ExportWriter(body)
{
    public override string ContentType => ExportFormats.NdjsonType;

    public override string Extension => ".ndjson";

    public override void Write(StoredRecord entry)
    {
        if (RecordFields.IsServable(entry.Record.Span))
        {
            ServedEntry.Write(Body, entry);
            Count++;
        }
        else
        {
            Body.Write(LiveMessages.Missing(entry));
        }

        Body.Write("\n"u8);
    }

    public override void End(string? nextCursor, bool hasMore)
    {
        using var json = new Utf8JsonWriter(Body);
        json.WriteStartObject();
        json.WriteString("type"u8, "end"u8);
        json.WriteNumber("count"u8, Count);
        json.WriteBoolean("has_more"u8, hasMore);
        json.WriteString("next_cursor"u8, nextCursor);
        json.WriteEndObject();
        json.Flush();
        Body.Write("\n"u8);
    }
}
