using System.Globalization;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// The parts of a record of the form that <see cref="Domain.Entries.EntryRecord"/> writes, as they stand in it, escapes included.
/// Put together again they are the record, byte for byte. A record that was changed can be of this form, too: what its parts mean
/// is for its reader to judge.
/// </summary>
internal readonly ref struct RecordFields
{
    /// <summary>The length of an id in a record.</summary>
    public const int IdLength = 36;

    /// <summary>The length of a hash in a record.</summary>
    public const int HashLength = 64;

    private const int TimestampLength = 27;

    /// <summary>The id, 36 characters.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>The user id.</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>What was run.</summary>
    public ReadOnlySpan<byte> Query { get; init; }

    /// <summary>With which outcome.</summary>
    public ReadOnlySpan<byte> Status { get; init; }

    /// <summary>When the service accepted it, in microseconds since 1970.</summary>
    public long Micros { get; init; }

    /// <summary>The hash, 64 characters.</summary>
    public ReadOnlySpan<byte> Hash { get; init; }

    /// <summary>The members after the hash, each with the comma before it; empty for an entry without context.</summary>
    public ReadOnlySpan<byte> Context { get; init; }

    /// <summary>How long the record is that these are the parts of.</summary>
    public int RecordLength =>
        "{\"id\":\"\",\"user_id\":\"\",\"query\":\"\",\"status\":\"\",\"timestamp\":\"\",\"hash\":\"\"}"u8.Length
        + IdLength + User.Length + Query.Length + Status.Length + TimestampLength + HashLength + Context.Length;

    /// <summary>Takes a record apart, if it is of this form.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> record, out RecordFields fields)
    {
        fields = default;
        var rest = record;
        if (!TryTake(ref rest, "{\"id\":\""u8, IdLength, out var id)
            || !TryTakeUntil(ref rest, "\",\"user_id\":\""u8, "\",\"query\":\""u8, out var user)
            || !TryTakeUntil(ref rest, "\",\"query\":\""u8, "\",\"status\":\""u8, out var query)
            || !TryTakeUntil(ref rest, "\",\"status\":\""u8, "\",\"timestamp\":\""u8, out var status)
            || !TryTake(ref rest, "\",\"timestamp\":\""u8, TimestampLength, out var timestamp)
            || !TryReadMicros(timestamp, out var micros)
            || !TryTake(ref rest, "\",\"hash\":\""u8, HashLength, out var hash)
            || rest.Length < 2 || rest[0] != '"' || rest[^1] != '}')
        {
            return false;
        }

        fields = new RecordFields
        {
            Id = id, User = user, Query = query, Status = status, Micros = micros, Hash = hash, Context = rest[1..^1],
        };
        return true;
    }

    /// <summary>Writes the record that these are the parts of into a place of <see cref="RecordLength"/> bytes.</summary>
    public void Join(Span<byte> record)
    {
        Put(ref record, "{\"id\":\""u8, Id);
        Put(ref record, "\",\"user_id\":\""u8, User);
        Put(ref record, "\",\"query\":\""u8, Query);
        Put(ref record, "\",\"status\":\""u8, Status);
        Put(ref record, "\",\"timestamp\":\""u8, []);
        WriteTimestamp(Micros, record);
        record = record[TimestampLength..];
        Put(ref record, "\",\"hash\":\""u8, Hash);
        Put(ref record, "\""u8, Context);
        record[0] = (byte)'}';
    }

    private static void WriteTimestamp(long micros, Span<byte> text)
    {
        // The round-trip form has one digit more.
        Span<byte> roundTrip = stackalloc byte[TimestampLength + 1];
        DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).TryFormat(roundTrip, out _, "O", CultureInfo.InvariantCulture);
        roundTrip[..(TimestampLength - 1)].CopyTo(text);
        text[TimestampLength - 1] = (byte)'Z';
    }

    private static bool TryReadMicros(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != 'Z'
            || !TryReadDigits(text[..4], out var year) || !TryReadDigits(text[5..7], out var month)
            || !TryReadDigits(text[8..10], out var day) || !TryReadDigits(text[11..13], out var hour)
            || !TryReadDigits(text[14..16], out var minute) || !TryReadDigits(text[17..19], out var second)
            || !TryReadDigits(text[20..26], out var fraction)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var whole = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc) - DateTime.UnixEpoch;
        micros = (whole.Ticks / TimeSpan.TicksPerMicrosecond) + fraction;
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + digit - '0';
        }

        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> before, int length, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (!rest.StartsWith(before) || rest.Length < before.Length + length) return false;
        part = rest.Slice(before.Length, length);
        rest = rest[(before.Length + length)..];
        return true;
    }

    private static bool TryTakeUntil(
        scoped ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (!rest.StartsWith(before)) return false;
        var length = rest[before.Length..].IndexOf(after);
        return length >= 0 && TryTake(ref rest, before, length, out part);
    }

    private static void Put(ref Span<byte> record, ReadOnlySpan<byte> member, ReadOnlySpan<byte> value)
    {
        member.CopyTo(record);
        value.CopyTo(record[member.Length..]);
        record = record[(member.Length + value.Length)..];
    }
}
