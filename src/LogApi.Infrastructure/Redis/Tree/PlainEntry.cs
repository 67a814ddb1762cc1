using System.Buffers;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// A stored record whose texts have nothing to escape, as nearly all have: its parts are then at once what was hashed and what the
/// payload of its leaf is made of. It is for going through many; what it can't show to be right is left to
/// <see cref="Domain.Verification.EntryVerification"/>, which says what is wrong.
/// </summary>
internal readonly ref struct PlainEntry
{
    private const int TimestampLength = 27;
    private const int MaxStackBytes = 1024;
    private const int PayloadExtra = 192;

    // What JSON escapes, and in a user id or a status also what would move the borders of the joined text.
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private readonly RecordFields _fields;
    private readonly ReadOnlySpan<byte> _timestamp;
    private readonly ReadOnlySpan<byte> _occurredAt;
    private readonly ReadOnlySpan<byte> _attributes;

    private PlainEntry(
        RecordFields fields, ReadOnlySpan<byte> timestamp, ReadOnlySpan<byte> occurredAt, ReadOnlySpan<byte> attributes)
    {
        _fields = fields;
        _timestamp = timestamp;
        _occurredAt = occurredAt;
        _attributes = attributes;
    }

    /// <summary>Takes a record apart; false for one that is not of this kind.</summary>
    public static bool TryRead(ReadOnlySpan<byte> record, out PlainEntry entry)
    {
        entry = default;
        if (!RecordFields.TrySplit(record, out var fields)
            || fields.User.ContainsAny(Escaped) || fields.User.Contains((byte)'|')
            || fields.Status.ContainsAny(Escaped) || fields.Status.Contains((byte)'|')
            || fields.Query.ContainsAny(Escaped)
            || !TrySplitContext(fields.Context, out var occurredAt, out var attributes))
        {
            return false;
        }

        // From the end: hash and context have known lengths.
        var end = record.Length - 1 - fields.Context.Length - 1 - RecordFields.HashLength - "\",\"hash\":\""u8.Length;
        entry = new PlainEntry(fields, record[(end - TimestampLength)..end], occurredAt, attributes);
        return true;
    }

    /// <summary>Whether a holder of the secret wrote this record under this id.</summary>
    /// <param name="id">The 36 characters of the id that it is stored under.</param>
    /// <param name="tag">What binds it to its id.</param>
    /// <param name="hasher">Holds the secret.</param>
    public bool IsGenuine(ReadOnlySpan<byte> id, ReadOnlySpan<byte> tag, EntryHasher hasher)
    {
        if (!_fields.Id.SequenceEqual(id)) return false;
        var length = _fields.User.Length + _fields.Query.Length + _fields.Status.Length + TimestampLength + 3;
        byte[]? rented = null;
        var text = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            var rest = text;
            Put(ref rest, _fields.User, "|"u8);
            Put(ref rest, _fields.Query, "|"u8);
            Put(ref rest, _fields.Status, "|"u8);
            Put(ref rest, _timestamp, default);
            return hasher.Of(text[..length], _fields.Hash) is { } own && IsBound(tag, own);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Gives the hash of the entry's leaf.</summary>
    public TreeHash LeafHash(ReadOnlySpan<byte> salt)
    {
        var most = _fields.RecordLength + PayloadExtra;
        byte[]? rented = null;
        var payload = most <= 2 * MaxStackBytes ? stackalloc byte[2 * MaxStackBytes] : (rented = ArrayPool<byte>.Shared.Rent(most));
        try
        {
            var rest = payload;
            Put(ref rest, salt, "{"u8);
            if (!_attributes.IsEmpty) Put(ref rest, "\"attributes\":"u8, _attributes, ","u8);
            Put(ref rest, "\"hash\":\""u8, _fields.Hash, "\",\"id\":\""u8);
            Put(ref rest, _fields.Id, "\","u8);
            if (!_occurredAt.IsEmpty) Put(ref rest, "\"occurred_at\":"u8, _occurredAt, ","u8);
            Put(ref rest, "\"query\":\""u8, _fields.Query, "\",\"status\":\""u8);
            Put(ref rest, _fields.Status, "\",\"timestamp\":\""u8);
            Put(ref rest, _timestamp, "\",\"user_id\":\""u8);
            Put(ref rest, _fields.User, "\"}"u8);
            return LogLeaf.HashOf(_fields.Id, _timestamp, payload[..(payload.Length - rest.Length)]);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private bool IsBound(ReadOnlySpan<byte> tag, EntryHasher hasher)
    {
        var length = RecordFields.IdLength + RecordFields.HashLength + 1 + (_fields.Context.IsEmpty ? 0 : _fields.Context.Length + 2);
        byte[]? rented = null;
        var text = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            var rest = text;
            Put(ref rest, _fields.Id, "|"u8);
            Put(ref rest, _fields.Hash, default);
            if (!_fields.Context.IsEmpty) Put(ref rest, "|{"u8, _fields.Context[1..], "}"u8);
            return hasher.IsTagOf(text[..length], tag);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static bool TrySplitContext(ReadOnlySpan<byte> context, out ReadOnlySpan<byte> occurredAt, out ReadOnlySpan<byte> attributes)
    {
        occurredAt = default;
        attributes = default;
        var first = ",\"occurred_at\":"u8;
        var second = ",\"attributes\":"u8;
        if (context.StartsWith(first))
        {
            var end = first.Length + TimestampLength + 2;
            if (context.Length < end) return false;
            occurredAt = context[first.Length..end];
            context = context[end..];
        }

        if (context.StartsWith(second))
        {
            attributes = context[second.Length..];
            context = default;
        }

        return context.IsEmpty;
    }

    private static void Put(ref Span<byte> target, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        first.CopyTo(target);
        target = target[first.Length..];
        second.CopyTo(target);
        target = target[second.Length..];
        third.CopyTo(target);
        target = target[third.Length..];
    }
}
