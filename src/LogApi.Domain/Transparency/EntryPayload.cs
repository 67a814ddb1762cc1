using System.Buffers;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Transparency;

/// <summary>
/// What a leaf commits to: the entry as canonical JSON (RFC 8785), its members <c>attributes, hash, id, occurred_at, query,
/// status, timestamp, user_id</c> in this order, <c>attributes</c> and <c>occurred_at</c> only when the entry has them. Anyone
/// can make it from a served entry.
/// </summary>
public static class EntryPayload
{
    /// <summary>Encodes the payload of an entry.</summary>
    public static byte[] Encode(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var buffer = new ArrayBufferWriter<byte>(256 + entry.Query.Value.Length);
        buffer.Write("{"u8);
        if (entry.Attributes.Pairs.Count > 0)
        {
            buffer.Write("\"attributes\":"u8);
            entry.Attributes.Write(buffer);
            buffer.Write(","u8);
        }

        Write(buffer, "\"hash\":"u8, entry.Hash.Hex);
        Write(buffer, ",\"id\":"u8, entry.Id.ToString());
        if (entry.OccurredAt is { } occurredAt) Write(buffer, ",\"occurred_at\":"u8, occurredAt.Text);
        Write(buffer, ",\"query\":"u8, entry.Query.Value);
        Write(buffer, ",\"status\":"u8, entry.Status.Value);
        Write(buffer, ",\"timestamp\":"u8, entry.Timestamp.Text);
        Write(buffer, ",\"user_id\":"u8, entry.UserId.Value);
        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> name, string value)
    {
        buffer.Write(name);
        CanonicalText.Write(buffer, value);
    }
}
