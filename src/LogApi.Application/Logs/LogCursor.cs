using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Search;

namespace LogApi.Application.Logs;

/// <summary>
/// Where an answer ended, for the next one to go on from. It is a place in the numbering of the log, so entries that are added
/// do not move it. To callers it is opaque: base64url of a version, the order, the position, what names the log's numbering and
/// what names the filter, big-endian. It holds no secret, and a made-up one gives nothing that the same search would not.
/// </summary>
/// <param name="Order">The order of the search.</param>
/// <param name="Position">Everything before this number has been given, oldest first, or everything from it on, newest first.</param>
/// <param name="Epoch">Names the numbering; 0 for a log without entries.</param>
/// <param name="FilterDigest"><see cref="LogFilter.Digest"/> of the search.</param>
internal sealed record LogCursor(LogOrder Order, long Position, long Epoch, long FilterDigest)
{
    private const byte Version = 1;
    private const int Bytes = 2 + (3 * sizeof(long));

    /// <summary>Makes a cursor of a search.</summary>
    public static LogCursor Of(LogFilter filter, LogOrder order, LogHead head, long position) =>
        new(order, position, NameOf(head), filter.Digest);

    /// <summary>Says that a text is not a cursor, or nothing when it is one.</summary>
    public static string? Check(string? text) =>
        text is null || TryParse(text, out _) ? null : "is not a cursor; send one as an answer's next_cursor gave it";

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LogCursor? cursor)
    {
        cursor = null;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text.Length != Base64Url.GetEncodedLength(Bytes)
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || length != Bytes
            || bytes[0] != Version
            || bytes[1] > (byte)LogOrder.OldestFirst) return false;

        var position = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        if (position < 0) return false;
        cursor = new LogCursor(
            (LogOrder)bytes[1], position, BinaryPrimitives.ReadInt64BigEndian(bytes[10..]), BinaryPrimitives.ReadInt64BigEndian(bytes[18..]));
        return true;
    }

    /// <summary>
    /// Gives what is left of the log for a search, or why the cursor does not belong to it. Without a cursor that is all of it.
    /// </summary>
    public static Result<LogScan> GoOn(string? text, LogFilter filter, LogOrder order, LogHead head)
    {
        var all = new LogScan(filter, order, head.First, head.Next);
        if (text is null) return all;
        if (!TryParse(text, out var cursor)) return Refuse(Check(text)!);
        if (cursor.FilterDigest != filter.Digest || cursor.Order != order)
            return Refuse("belongs to a search with other conditions or in another order; repeat those, only limit may differ");

        // A search that found an empty log may go on when there is one.
        var began = cursor.Epoch != 0 || cursor.Position != 0;
        if (began && (cursor.Epoch != NameOf(head) || cursor.Position > head.Next))
            return Refuse("belongs to a log that has been emptied or set back since; search again without a cursor");
        return order == LogOrder.OldestFirst
            ? all with { First = Math.Max(head.First, cursor.Position) }
            : all with { End = Math.Max(head.First, cursor.Position) };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Version;
        bytes[1] = (byte)Order;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], Position);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], Epoch);
        BinaryPrimitives.WriteInt64BigEndian(bytes[18..], FilterDigest);
        return Base64Url.EncodeToString(bytes);
    }

    private static InvalidRequestError Refuse(string problem) =>
        new(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["cursor"] = [problem] });

    private static long NameOf(LogHead head) =>
        head.Epoch.Length == 0 ? 0 : BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(head.Numbering)));
}
