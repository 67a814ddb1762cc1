using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Search;

/// <summary>
/// Writes an entry with all that it takes to check it against a checkpoint: the entry as it is served, its place <c>log_index</c>, the
/// <c>salt</c> of its leaf (null when its content was erased or the salt is gone) and the hashes of its <c>inclusion</c> proof.
/// </summary>
internal static class ProvenEntry
{
    // The base64 form of 32 bytes, its quotes and a comma.
    private const int HashBytes = 44 + 3;
    private const int OtherBytes = 128;

    /// <summary>Writes a record that can be served.</summary>
    public static void Write(IBufferWriter<byte> buffer, StoredRecord entry, IReadOnlyList<TreeHash> proof)
    {
        buffer.Write(entry.Record.Span[..^1]);
        var tail = buffer.GetSpan(OtherBytes + (proof.Count * HashBytes));
        var length = 0;
        Append(tail, ref length, ",\"seq\":"u8);
        Append(tail, ref length, entry.Sequence);
        Append(tail, ref length, ",\"log_index\":"u8);
        Append(tail, ref length, entry.Sequence);
        Append(tail, ref length, ",\"salt\":"u8);
        if (TryGetSalt(entry, out var salt)) AppendBase64(tail, ref length, salt.Span);
        else Append(tail, ref length, "null"u8);
        Append(tail, ref length, ",\"inclusion\":["u8);
        Span<byte> hash = stackalloc byte[TreeHash.Size];
        for (var i = 0; i < proof.Count; i++)
        {
            if (i > 0) tail[length++] = (byte)',';
            proof[i].CopyTo(hash);
            AppendBase64(tail, ref length, hash);
        }

        Append(tail, ref length, "]}"u8);
        buffer.Advance(length);
    }

    private static bool TryGetSalt(StoredRecord entry, out ReadOnlyMemory<byte> salt)
    {
        salt = default;
        if (RedactedRecord.IsOne(entry.Record.Span) || !EntrySide.TryDecode(entry.Side, out var side)) return false;
        salt = side.Salt;
        return true;
    }

    private static void Append(Span<byte> tail, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(tail[length..]);
        length += text.Length;
    }

    private static void Append(Span<byte> tail, ref int length, long number)
    {
        number.TryFormat(tail[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
    }

    private static void AppendBase64(Span<byte> tail, ref int length, ReadOnlySpan<byte> bytes)
    {
        tail[length++] = (byte)'"';
        Base64.EncodeToUtf8(bytes, tail[length..], out _, out var written);
        length += written;
        tail[length++] = (byte)'"';
    }
}
