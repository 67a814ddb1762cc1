using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using LogApi.Domain.Transparency;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Search;

/// <summary>
/// RFC 4180: a header line, commas, CRLF, quotes where they are needed; UTF-8. The last column says why in place of an entry that
/// can't be given out, and that one is redacted.
/// </summary>
internal sealed class CsvExportWriter(PipeWriter body) : ExportWriter(body)
{
    private const string Header = "seq,id,user_id,query,status,timestamp,occurred_at,attributes,hash,error\r\n";
    private const string NoFields = ",,,,,,,,,";

    public override string ContentType => ExportFormats.CsvType + "; charset=utf-8; header=present";

    public override string Extension => ".csv";

    public override void Begin() => Body.Write(Encoding.ASCII.GetBytes(Header));

    public override void Write(StoredRecord entry, IReadOnlyList<TreeHash>? proof)
    {
        CsvCell.WriteNumber(Body, entry.Sequence);
        var record = entry.Record.Span;
        if (RedactedRecord.TryDecode(record, out var redacted))
        {
            Body.Write(Encoding.ASCII.GetBytes($",{redacted.Leaf.Id},,,,{redacted.Leaf.Timestamp},,,,redacted"));
            Count++;
        }
        else if (RecordFields.IsServable(record) && RecordFields.TryLocate(record, out var fields))
        {
            RecordFields.TryReadContext(fields.Context, out var occurredAt, out var attributes);
            WriteText(fields.Id);
            WriteText(fields.UserId);
            WriteText(fields.Query);
            WriteText(fields.Status);
            WriteText(fields.Timestamp);
            WriteText(occurredAt);
            WriteCell(attributes);
            WriteText(fields.Hash);
            WriteCell([]);
            Count++;
        }
        else
        {
            Body.Write(Encoding.ASCII.GetBytes(NoFields));
            CsvCell.Write(Body, Encoding.ASCII.GetBytes(LiveMessages.WhyMissing(entry)));
        }

        Body.Write("\r\n"u8);
    }

    private void WriteText(ReadOnlySpan<byte> json)
    {
        if (json.Contains((byte)'\\')) WriteCell(Encoding.UTF8.GetBytes(RecordFields.Decode(json)));
        else WriteCell(json);
    }

    private void WriteCell(ReadOnlySpan<byte> text)
    {
        Body.Write(","u8);
        CsvCell.Write(Body, text);
    }
}
