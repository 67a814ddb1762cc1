using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Search;

/// <summary>
/// Which entries are wanted. It is held against stored records without decoding them, and may be used by many threads at once.
/// An entry has to meet every condition; a filter without conditions takes everything.
/// </summary>
/// <remarks>
/// Records that were changed in the store are judged by what can be read of them. Of one that can't be read at all nobody
/// knows when it was written, so it passes the bounds of time and no other condition.
/// </remarks>
public sealed class LogFilter
{
    /// <summary>The longest text to look for, in Unicode scalar values.</summary>
    public const int MaxTextLength = 1024;

    private readonly byte[]? _userId;
    private readonly byte[][] _statuses;
    private readonly byte[]? _from;
    private readonly byte[]? _to;
    private readonly long _fromMicros;
    private readonly long _toMicros;
    private readonly TextSearch? _text;
    private readonly Pair[] _attributes;

    private LogFilter(LogCriteria criteria)
    {
        UserId = criteria.UserId;
        From = criteria.From;
        To = criteria.To;
        _userId = criteria.UserId is null ? null : Encoding.UTF8.GetBytes(criteria.UserId.Value);
        _statuses = [.. criteria.Statuses.Select(status => status.Value).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).Select(Encoding.ASCII.GetBytes)];
        _from = criteria.From is null ? null : Encoding.ASCII.GetBytes(criteria.From.Text);
        _to = criteria.To is null ? null : Encoding.ASCII.GetBytes(criteria.To.Text);
        _fromMicros = criteria.From is null ? long.MinValue : MicrosOf(criteria.From);
        _toMicros = criteria.To is null ? long.MaxValue : MicrosOf(criteria.To);
        _text = criteria.Text is null ? null : new TextSearch(criteria.Text);
        _attributes = [.. criteria.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new Pair(pair.Key, pair.Value))];
        Digest = MakeDigest(criteria.Text);
    }

    /// <summary>Takes every entry.</summary>
    public static LogFilter None { get; } = new(new LogCriteria());

    /// <summary>Whose entries; everyone's when null.</summary>
    public UserId? UserId { get; }

    /// <summary>The earliest timestamp, inclusive; unbounded when null.</summary>
    public LogTimestamp? From { get; }

    /// <summary>The latest timestamp, exclusive; unbounded when null.</summary>
    public LogTimestamp? To { get; }

    /// <summary>The same for filters with the same conditions, and different for others (64 bits of SHA-256).</summary>
    public long Digest { get; }

    /// <summary>Whether there is no condition at all.</summary>
    public bool TakesAll => !HasContentConditions && _from is null && _to is null;

    private bool HasContentConditions =>
        _userId is not null || _statuses.Length > 0 || _text is not null || _attributes.Length > 0;

    /// <summary>Makes a filter of conditions that were checked before.</summary>
    /// <exception cref="ArgumentException">The text is not one that <see cref="CheckText"/> accepts.</exception>
    public static LogFilter Of(LogCriteria criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        if (criteria.Text is not null && CheckText(criteria.Text) is { } problem)
            throw new ArgumentException($"A text to look for {problem}.", nameof(criteria));
        return new LogFilter(criteria);
    }

    /// <summary>Says what is wrong with a text to look for, or nothing when there can be entries with it.</summary>
    public static string? CheckText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = 0;
        foreach (var rune in new ScalarValues(text))
        {
            if (rune is null) return "must be valid Unicode, without lone surrogates";
            length++;
        }

        return length is >= 1 and <= MaxTextLength ? null : $"must be 1 to {MaxTextLength} characters; it has {length}";
    }

    /// <summary>
    /// Tells whether a stored record is wanted: <see cref="EntryRecord"/>, or <see cref="RedactedRecord"/>, of which only the time is
    /// known, so that no condition on anything else takes it.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> record)
    {
        if (!RecordFields.TryLocate(record, out var fields))
        {
            if (HasContentConditions) return false;
            return !RedactedRecord.TryDecode(record, out var redacted) || HasTime(MicrosOf(redacted.Leaf.Timestamp));
        }

        return Matches(fields);
    }

    /// <summary>
    /// Tells whether an entry is wanted whose record stands in a larger object, from its first member to its closing brace.
    /// </summary>
    public bool MatchesMembers(ReadOnlySpan<byte> members)
    {
        // Most entries of a log are of other users: for these the rest is not looked at.
        if (_userId is not null && !(RecordFields.TryLocateUser(members, out var user) && IsText(user, _userId))) return false;
        return RecordFields.TryLocateMembers(members, out var fields) ? Matches(fields) : !HasContentConditions;
    }

    /// <summary>Tells whether a record that has been taken apart is wanted; the parts are as in <see cref="RecordFields"/>.</summary>
    /// <param name="userId">Who acted.</param>
    /// <param name="query">What was run.</param>
    /// <param name="status">With which outcome.</param>
    /// <param name="micros">When the service accepted it, in microseconds since 1970.</param>
    /// <param name="context">What follows the hash.</param>
    public bool Matches(
        ReadOnlySpan<byte> userId, ReadOnlySpan<byte> query, ReadOnlySpan<byte> status, long micros, ReadOnlySpan<byte> context) =>
        HasTime(micros) && HasContent(userId, query, status, context);

    // Timestamps have one width, so they are in the order of their text.
    private bool Matches(RecordFields fields) =>
        (_from is null || fields.Timestamp.SequenceCompareTo(_from) >= 0)
        && (_to is null || fields.Timestamp.SequenceCompareTo(_to) < 0)
        && HasContent(fields.UserId, fields.Query, fields.Status, fields.Context);

    private bool HasTime(long micros) => micros >= _fromMicros && micros < _toMicros;

    private bool HasContent(
        ReadOnlySpan<byte> userId, ReadOnlySpan<byte> query, ReadOnlySpan<byte> status, ReadOnlySpan<byte> context) =>
        (_userId is null || IsText(userId, _userId))
        && HasStatus(status)
        && (_attributes.Length == 0 || HasAttributes(context))
        && (_text is null || HasText(query, _text));

    private bool HasStatus(ReadOnlySpan<byte> status)
    {
        if (_statuses.Length == 0) return true;
        foreach (var wanted in _statuses)
        {
            if (IsText(status, wanted)) return true;
        }

        return false;
    }

    private bool HasAttributes(ReadOnlySpan<byte> context)
    {
        if (!RecordFields.TryReadContext(context, out _, out var attributes) || attributes.IsEmpty) return false;
        foreach (var wanted in _attributes)
        {
            var found = false;
            var pairs = new AttributePairs(attributes);
            while (!found && pairs.MoveNext()) found = IsText(pairs.Key, wanted.Key) && IsText(pairs.Value, wanted.Value);
            if (!found) return false;
        }

        return true;
    }

    private static bool IsText(ReadOnlySpan<byte> value, byte[] wanted)
    {
        using var text = new PlainText(value);
        return text.IsValid && text.Bytes.SequenceEqual(wanted);
    }

    private static bool HasText(ReadOnlySpan<byte> value, TextSearch wanted)
    {
        using var text = new PlainText(value);
        return text.IsValid && wanted.IsIn(text.Bytes);
    }

    private static long MicrosOf(LogTimestamp time) => (time.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // Every part is preceded by its kind and its length, so that no two filters give the same bytes.
    private long MakeDigest(string? text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add('u', _userId);
        foreach (var status in _statuses) Add('s', status);
        Add('f', _from);
        Add('t', _to);
        Add('q', text is null ? null : Encoding.UTF8.GetBytes(text));
        foreach (var pair in _attributes)
        {
            Add('k', pair.Key);
            Add('v', pair.Value);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt64BigEndian(digest);

        void Add(char kind, byte[]? value)
        {
            if (value is null) return;
            Span<byte> start = stackalloc byte[1 + sizeof(int)];
            start[0] = (byte)kind;
            BinaryPrimitives.WriteInt32BigEndian(start[1..], value.Length);
            hash.AppendData(start);
            hash.AppendData(value);
        }
    }

    private readonly struct Pair(string key, string value)
    {
        public byte[] Key { get; } = Encoding.UTF8.GetBytes(key);

        public byte[] Value { get; } = Encoding.UTF8.GetBytes(value);
    }
}
