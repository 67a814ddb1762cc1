using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace LogApi.Domain.Entries;

/// <summary>The identifier of an entry: a UUID, version 7 (RFC 9562 §5.7) when this service makes it.</summary>
public sealed record LogId
{
    private LogId(Guid value) => Value = value;

    /// <summary>The UUID.</summary>
    public Guid Value { get; }

    /// <summary>Makes a version 7 UUID whose time part is <paramref name="time"/>, in milliseconds.</summary>
    public static LogId NewAt(DateTimeOffset time) => new(Guid.CreateVersion7(time));

    /// <summary>
    /// Makes the version 7 UUID whose time part is <paramref name="time"/>, in milliseconds, and whose other 74 bits are of
    /// <paramref name="random"/>: the same for the same.
    /// </summary>
    /// <param name="time">The time part.</param>
    /// <param name="random">10 bytes or more, of which the first 10 count.</param>
    public static LogId MakeAt(DateTimeOffset time, ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        random[..10].CopyTo(bytes[6..]);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new LogId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Says what is accepted when <paramref name="text"/> is not a UUID, or nothing when it is.</summary>
    public static string? Check(string? text) =>
        TryCreate(text, out _) ? null : "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057";

    /// <summary>Reads the 36-character form (8-4-4-4-12), in either case.</summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LogId? id)
    {
        // Guid.TryParseExact also takes white space around, and signs and 0x within: only what prints the same is the form.
        Span<char> printed = stackalloc char[36];
        var valid = Guid.TryParseExact(text, "D", out var value)
            && value.TryFormat(printed, out _, "D")
            && text.AsSpan().Equals(printed, StringComparison.OrdinalIgnoreCase);
        id = valid ? new LogId(value) : null;
        return valid;
    }

    /// <summary>Makes an id from text that was checked before.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds something wrong.</exception>
    public static LogId Create(string? text) =>
        TryCreate(text, out var id) ? id : throw new ArgumentException($"A log id {Check(text)}.", nameof(text));

    /// <summary>The 36-character lower-case form: the one that is stored, served and hashed.</summary>
    public override string ToString() => Value.ToString("D");
}
