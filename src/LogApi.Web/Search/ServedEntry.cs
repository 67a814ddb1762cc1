using System.Buffers;
using System.Globalization;
using LogApi.Application.Ports;

namespace LogApi.Web.Search;

/// <summary>Writes an entry as it is served: the stored bytes, with the sequence number as their last member.</summary>
internal static class ServedEntry
{
    private const int MaxTailBytes = 32;

    /// <summary>Writes a record that can be served.</summary>
    public static void Write(IBufferWriter<byte> buffer, StoredRecord entry)
    {
        buffer.Write(entry.Record.Span[..^1]);
        var tail = buffer.GetSpan(MaxTailBytes);
        ",\"seq\":"u8.CopyTo(tail);
        var length = ",\"seq\":"u8.Length;
        entry.Sequence.TryFormat(tail[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
        tail[length++] = (byte)'}';
        buffer.Advance(length);
    }
}
