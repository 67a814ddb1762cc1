using System.Buffers;
using static LogApi.Infrastructure.Redis.Sealed.BundleFormat;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>Writes <see cref="BundleFormat"/>. The same entries always give the same bytes.</summary>
internal static class BundleEncoder
{
    private static readonly SearchValues<byte> HashDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Encodes up to 256 entries, whatever bytes they are.</summary>
    /// <exception cref="InvalidOperationException">What was written can't be read back as it was.</exception>
    public static byte[] Encode(IReadOnlyList<SealedEntry> entries)
    {
        var sideWidth = entries.Count == 0 ? 0 : entries.Max(entry => entry.Side.Length is var length and <= byte.MaxValue ? length : 0);
        var forms = new byte[entries.Count];
        var (times, ids, hashes, sides) = (Column(2), Column(UuidBytes.Length), Column(RecordFields.HashLength / 2), Column(sideWidth));
        var texts = new ArrayBufferWriter<byte>[] { Column(16), Column(16), Column(128), Column(16) };
        var (whole, otherSides) = (Column(0), Column(0));
        var last = 0L;
        Span<byte> recordId = stackalloc byte[UuidBytes.Length];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var form = EntryForm.Plain;
            if (TryTemplate(entry, recordId, out var fields))
            {
                WriteNumber(times, FoldSign(fields.Micros - last));
                last = fields.Micros;
                Convert.FromHexString(fields.Hash, hashes.GetSpan(RecordFields.HashLength / 2), out _, out var written);
                hashes.Advance(written);
                WriteLine(texts[0], fields.User);
                WriteLine(texts[1], fields.Status);
                WriteLine(texts[2], fields.Query);
                WriteLine(texts[3], fields.Context);
                if (!UuidBytes.IsOfTime(recordId, fields.Micros)) form |= EntryForm.FullId;
                ids.Write(form.HasFlag(EntryForm.FullId) ? recordId : recordId[UuidBytes.TimeLength..]);
            }
            else
            {
                form |= EntryForm.Whole | (entry.Id is null ? EntryForm.NoId : EntryForm.FullId);
                WriteCounted(whole, entry.Record.Span);
                ids.Write(entry.Id);
            }

            if (entry.Side.Length == sideWidth)
            {
                sides.Write(entry.Side.Span);
            }
            else
            {
                form |= EntryForm.OtherSide;
                WriteCounted(otherSides, entry.Side.Span);
            }

            forms[i] = (byte)form;
        }

        ArrayBufferWriter<byte>[] text = [.. texts, whole, otherSides];
        var blob = Assemble(sideWidth, forms, [times, ids, hashes, sides], text);
        Check(blob, entries);
        return blob;

        ArrayBufferWriter<byte> Column(int width) => new(Math.Max(16, width * entries.Count));
    }

    private static bool TryTemplate(SealedEntry entry, Span<byte> recordId, out RecordFields fields) =>
        RecordFields.TrySplit(entry.Record.Span, out fields)
        && UuidBytes.TryParse(fields.Id, recordId)
        && (entry.Id is null || recordId.SequenceEqual(entry.Id))
        && !fields.Hash.ContainsAnyExcept(HashDigits)
        && !entry.Record.Span.Contains(EndOfLine);

    private static byte[] Assemble(
        int sideWidth, byte[] forms, ArrayBufferWriter<byte>[] columns, ArrayBufferWriter<byte>[] texts)
    {
        var (times, text) = (columns[0], new ArrayBufferWriter<byte>(Math.Max(16, texts.Sum(part => part.WrittenCount))));
        foreach (var part in texts) text.Write(part.WrittenSpan);

        var header = new ArrayBufferWriter<byte>(32 + forms.Length);
        header.Write([FormatVersion]);
        WriteNumber(header, (ulong)forms.Length);
        WriteNumber(header, (ulong)sideWidth);
        var plain = !forms.AsSpan().ContainsAnyExcept((byte)EntryForm.Plain);
        header.Write([plain ? (byte)0 : (byte)1]);
        if (!plain) header.Write(forms);
        WriteNumber(header, (ulong)times.WrittenCount);

        var length = new ArrayBufferWriter<byte>(10);
        WriteNumber(length, (ulong)text.WrittenCount);
        using var blob = new MemoryStream(header.WrittenCount + columns.Sum(column => column.WrittenCount) + (text.WrittenCount / 4) + 64);
        blob.Write(header.WrittenSpan);
        foreach (var column in columns) blob.Write(column.WrittenSpan);
        blob.Write(length.WrittenSpan);
        Deflate(text.WrittenSpan, blob);
        return blob.ToArray();
    }

    // What it is read from is removed next: a fault here must not lose a byte.
    private static void Check(byte[] blob, IReadOnlyList<SealedEntry> entries)
    {
        var bundle = SealedBundle.Decode(blob);
        Span<byte> id = stackalloc byte[UuidBytes.Length];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (!bundle.RecordAt(i).Span.SequenceEqual(entry.Record.Span) || !bundle.SideAt(i).Span.SequenceEqual(entry.Side.Span)
                || (entry.Id is not null && !(bundle.TryGetId(i, id) && id.SequenceEqual(entry.Id))))
            {
                throw new InvalidOperationException("A bundle can't be read back as it was sealed.");
            }
        }
    }

    private static void WriteLine(ArrayBufferWriter<byte> column, ReadOnlySpan<byte> text)
    {
        column.Write(text);
        column.Write([EndOfLine]);
    }

    private static void WriteCounted(ArrayBufferWriter<byte> column, ReadOnlySpan<byte> bytes)
    {
        WriteNumber(column, (ulong)bytes.Length);
        column.Write(bytes);
    }
}
