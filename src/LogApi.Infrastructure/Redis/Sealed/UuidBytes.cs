using System.Buffers.Binary;
using System.Buffers.Text;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>UUIDs as 16 bytes in the order of their text (RFC 9562 §4).</summary>
internal static class UuidBytes
{
    /// <summary>The length, in bytes.</summary>
    public const int Length = 16;

    /// <summary>The bytes before the version, which are the milliseconds since 1970 in version 7.</summary>
    public const int TimeLength = 6;

    /// <summary>Reads the lower-case text of 36 characters, and no other form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (!Utf8Parser.TryParse(text, out Guid value, out var read, 'D') || read != RecordFields.IdLength || text.Length != read) return false;
        Span<byte> printed = stackalloc byte[RecordFields.IdLength];
        return value.TryFormat(printed, out _, "D") && printed.SequenceEqual(text) && value.TryWriteBytes(bytes, bigEndian: true, out _);
    }

    /// <summary>Reads the id of a record, which every form of it begins with; false when it does not.</summary>
    public static bool TryReadFromRecord(ReadOnlySpan<byte> record, Span<byte> bytes)
    {
        var start = "{\"id\":\""u8;
        return record.Length > start.Length + RecordFields.IdLength && record.StartsWith(start)
            && record[start.Length + RecordFields.IdLength] == '"'
            && TryParse(record.Slice(start.Length, RecordFields.IdLength), bytes);
    }

    /// <summary>Writes the lower-case text of 36 characters.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, Span<byte> text) => new Guid(bytes, bigEndian: true).TryFormat(text, out _, "D");

    /// <summary>
    /// Whether the id tells when its entry was accepted: it is of version 7 and has the millisecond of the timestamp, as all
    /// that the service makes.
    /// </summary>
    public static bool IsOfTime(ReadOnlySpan<byte> id, long micros) => TryGetMillis(id, out var millis) && micros >= 0 && micros / 1000 == millis;

    /// <summary>Gives the milliseconds since 1970 in an id of version 7.</summary>
    public static bool TryGetMillis(ReadOnlySpan<byte> id, out long millis)
    {
        millis = (long)(BinaryPrimitives.ReadUInt64BigEndian(id) >> 16);
        return id[TimeLength] >> 4 == 7;
    }

    /// <summary>Writes the bytes before the version for a timestamp.</summary>
    public static void WriteTime(long micros, Span<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wide, micros / 1000);
        wide[^TimeLength..].CopyTo(bytes);
    }
}
