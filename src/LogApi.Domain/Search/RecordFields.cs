using System.Text;
using System.Text.Unicode;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Search;

/// <summary>
/// Where the members of a stored record are (<see cref="EntryRecord"/>), found without decoding it. Every value is JSON text
/// without its quotes. Only the layout that this service writes is read; values that were edited in the store are taken as they are.
/// </summary>
public readonly ref struct RecordFields
{
    private readonly ReadOnlySpan<byte> _members;

    private RecordFields(
        ReadOnlySpan<byte> members,
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> userId,
        ReadOnlySpan<byte> query,
        ReadOnlySpan<byte> status,
        ReadOnlySpan<byte> timestamp,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> context)
    {
        _members = members;
        Id = id;
        UserId = userId;
        Query = query;
        Status = status;
        Timestamp = timestamp;
        Hash = hash;
        Context = context;
    }

    /// <summary>The entry's identifier.</summary>
    public ReadOnlySpan<byte> Id { get; }

    /// <summary>Who acted.</summary>
    public ReadOnlySpan<byte> UserId { get; }

    /// <summary>What was run.</summary>
    public ReadOnlySpan<byte> Query { get; }

    /// <summary>With which outcome.</summary>
    public ReadOnlySpan<byte> Status { get; }

    /// <summary>When the service accepted it.</summary>
    public ReadOnlySpan<byte> Timestamp { get; }

    /// <summary>The keyed hash.</summary>
    public ReadOnlySpan<byte> Hash { get; }

    /// <summary>What follows the hash, up to the closing brace: nothing, or the members of the context, not looked at yet.</summary>
    public ReadOnlySpan<byte> Context { get; }

    /// <summary>
    /// Finds the members that every record has; fails for a record that is empty or has another layout. The context is not
    /// looked at.
    /// </summary>
    public static bool TryLocate(ReadOnlySpan<byte> record, out RecordFields fields)
    {
        fields = default;
        return record is [(byte)'{', .. var members] && TryLocateMembers(members, out fields);
    }

    /// <summary>As <see cref="TryLocate"/>, of a record without its opening brace, as it stands inside a larger object.</summary>
    public static bool TryLocateMembers(ReadOnlySpan<byte> members, out RecordFields fields)
    {
        var rest = members;
        if (TryTakeUser(ref rest, out var id, out var userId)
            && TryTake(ref rest, ",\"query\":\""u8, out var query)
            && TryTake(ref rest, ",\"status\":\""u8, out var status)
            && TryTake(ref rest, ",\"timestamp\":\""u8, out var timestamp)
            && TryTake(ref rest, ",\"hash\":\""u8, out var hash)
            && rest is [.. var context, (byte)'}'])
        {
            fields = new RecordFields(members, id, userId, query, status, timestamp, hash, context);
            return true;
        }

        fields = default;
        return false;
    }

    /// <summary>Finds whose entry it is, without looking at what follows.</summary>
    internal static bool TryLocateUser(ReadOnlySpan<byte> members, out ReadOnlySpan<byte> userId) =>
        TryTakeUser(ref members, out _, out userId);

    /// <summary>
    /// Tells whether a record can be given to a client as it is: it has the layout of one, or of a redacted one, and is valid JSON
    /// that every parser reads in the same way.
    /// </summary>
    public static bool IsServable(ReadOnlySpan<byte> record) =>
        TryLocate(record, out var fields)
            ? TryReadContext(fields.Context, out _, out _)
                && Utf8.IsValid(record)
                && record.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0
                && fields.HasValidEscapes()
            : RedactedRecord.TryDecode(record, out _);

    /// <summary>Finds the members that a record need not have; fails when something else is in their place.</summary>
    /// <param name="context">The <see cref="Context"/> of the record.</param>
    /// <param name="occurredAt">When it happened by the client's clock; empty when that is not known.</param>
    /// <param name="attributes">The JSON object of the attributes, with its braces; empty when there are none.</param>
    public static bool TryReadContext(
        ReadOnlySpan<byte> context, out ReadOnlySpan<byte> occurredAt, out ReadOnlySpan<byte> attributes)
    {
        var rest = context;
        TryTake(ref rest, ",\"occurred_at\":\""u8, out occurredAt);
        attributes = default;
        ReadOnlySpan<byte> start = ",\"attributes\":"u8;
        if (rest.StartsWith(start))
        {
            var pairs = new AttributePairs(rest = rest[start.Length..]);
            while (pairs.MoveNext())
            {
            }

            if (!pairs.IsComplete) return false;
            attributes = rest[..pairs.Length];
            rest = rest[pairs.Length..];
        }

        return rest.IsEmpty;
    }

    /// <summary>Gives the text that a JSON text stands for; with U+FFFD where it is not valid.</summary>
    public static string Decode(ReadOnlySpan<byte> value)
    {
        using var text = new PlainText(value);
        return text.IsValid ? Encoding.UTF8.GetString(text.Bytes) : "\uFFFD";
    }

    private static bool TryTakeUser(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> id, out ReadOnlySpan<byte> userId)
    {
        userId = default;
        return TryTake(ref rest, "\"id\":\""u8, out id) && TryTake(ref rest, ",\"user_id\":\""u8, out userId);
    }

    // Escapes stand in strings only, and no string ends within one, so the record can be taken as one text.
    private bool HasValidEscapes()
    {
        using var text = new PlainText(_members);
        return text.IsValid;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> start, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!rest.StartsWith(start)) return false;
        var text = rest[start.Length..];
        var length = JsonText.LengthOf(text);
        if (length < 0) return false;
        value = text[..length];
        rest = text[(length + 1)..];
        return true;
    }
}
