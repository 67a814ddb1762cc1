using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using LogApi.Domain.Transparency;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Search;

/// <summary>
/// One JSON object a line: entries, which have no <c>type</c>; <c>{"type":"gap"}</c> in place of one that can't be given out; and
/// at the very end <c>{"type":"end","count","has_more","next_cursor"}</c>. Without that last line the transfer broke off. With proofs,
/// each entry has <see cref="ProvenEntry">more members</see>, and the last line a <c>checkpoint</c>.
/// </summary>
internal sealed class NdjsonExportWriter(PipeWriter body) : ExportWriter(body)
{
    public override string ContentType => ExportFormats.NdjsonType;

    public override string Extension => ".ndjson";

    public override void Write(StoredRecord entry, IReadOnlyList<TreeHash>? proof)
    {
        if (RecordFields.IsServable(entry.Record.Span))
        {
            if (proof is null) ServedEntry.Write(Body, entry);
            else ProvenEntry.Write(Body, entry, proof);
            Count++;
        }
        else
        {
            Body.Write(LiveMessages.Missing(entry, asMessage: false));
        }

        Body.Write("\n"u8);
    }

    public override void End(string? nextCursor, bool hasMore, bool withProofs, SignedNote? checkpoint)
    {
        using var json = new Utf8JsonWriter(Body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("type"u8, "end"u8);
        json.WriteNumber("count"u8, Count);
        json.WriteBoolean("has_more"u8, hasMore);
        json.WriteString("next_cursor"u8, nextCursor);
        if (withProofs) json.WriteString("checkpoint"u8, checkpoint?.ToString());
        json.WriteEndObject();
        json.Flush();
        Body.Write("\n"u8);
    }
}
