using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LogApi.Domain.Entries;

/// <summary>
/// What a client says about an entry besides the query: up to 32 pairs of a key (1 to 64 characters, without control
/// characters) and a text (up to 1,024 characters). Keys are unique and in the order of their UTF-16 units (RFC 8785 §3.2.3), so
/// that the same attributes are the same bytes in every record. Characters are Unicode scalar values.
/// </summary>
public sealed class LogAttributes : IEquatable<LogAttributes>
{
    /// <summary>The most pairs.</summary>
    public const int MaxCount = 32;

    /// <summary>The longest key, in Unicode scalar values.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The longest value, in Unicode scalar values.</summary>
    public const int MaxValueLength = 1024;

    private const string KeyRule = "1 to 64 characters without control characters";

    private readonly KeyValuePair<string, string>[] _pairs;

    private LogAttributes(KeyValuePair<string, string>[] pairs) => _pairs = pairs;

    /// <summary>No attributes.</summary>
    public static LogAttributes None { get; } = new([]);

    /// <summary>The pairs, in the order of their keys.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>Says what is wrong with <paramref name="pairs"/> and what is accepted, or nothing when they can be stored.</summary>
    public static string? Check(IReadOnlyCollection<KeyValuePair<string, string?>>? pairs)
    {
        if (pairs is null or { Count: 0 }) return null;
        if (pairs.Count > MaxCount) return $"must be at most {MaxCount} pairs; there are {pairs.Count}";

        var keys = new HashSet<string>(pairs.Count, StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            if (CheckKey(key) is { } keyProblem) return keyProblem;
            if (CheckValue(value) is { } problem) return $"has a value under '{key}' that {problem}";
            if (!keys.Add(key)) return $"has the key '{key}' more than once";
        }

        return null;
    }

    /// <summary>Makes attributes when <see cref="Check"/> finds nothing wrong; <see cref="None"/> for no pairs.</summary>
    public static bool TryCreate(
        IReadOnlyCollection<KeyValuePair<string, string?>>? pairs, [NotNullWhen(true)] out LogAttributes? attributes)
    {
        attributes = Check(pairs) is null ? Sort(pairs) : null;
        return attributes is not null;
    }

    /// <summary>Makes attributes from pairs that were checked before; <see cref="None"/> for no pairs.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds something wrong.</exception>
    public static LogAttributes Create(IReadOnlyCollection<KeyValuePair<string, string?>>? pairs) =>
        TryCreate(pairs, out var attributes)
            ? attributes
            : throw new ArgumentException($"The attributes: {Check(pairs)}.", nameof(pairs));

    /// <inheritdoc/>
    public bool Equals(LogAttributes? other) => other is not null && _pairs.AsSpan().SequenceEqual(other._pairs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LogAttributes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var pair in _pairs) hash.Add(pair);
        return hash.ToHashCode();
    }

    /// <summary>Gives the number of pairs alone: what they say is not for the service's own log.</summary>
    public override string ToString() => $"{_pairs.Length} attributes";

    /// <summary>Writes the pairs as one JSON object, canonically.</summary>
    internal void Write(IBufferWriter<byte> buffer)
    {
        buffer.Write("{"u8);
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (i > 0) buffer.Write(","u8);
            CanonicalText.Write(buffer, _pairs[i].Key);
            buffer.Write(":"u8);
            CanonicalText.Write(buffer, _pairs[i].Value);
        }

        buffer.Write("}"u8);
    }

    private static LogAttributes Sort(IReadOnlyCollection<KeyValuePair<string, string?>>? pairs)
    {
        if (pairs is null or { Count: 0 }) return None;
        var sorted = pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)).ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return new LogAttributes(sorted);
    }

    private static string? CheckKey(string key)
    {
        var length = 0;
        foreach (var rune in new ScalarValues(key))
        {
            if (rune is not { } scalar) return $"has a key with a lone surrogate; keys are {KeyRule}";
            if (Rune.IsControl(scalar)) return $"has a key with a control character; keys are {KeyRule}";
            length++;
        }

        return length is >= 1 and <= MaxKeyLength ? null : $"has a key of {length} characters; keys are {KeyRule}";
    }

    private static string? CheckValue(string? value)
    {
        if (value is null) return "is null; values are text";
        var length = 0;
        foreach (var rune in new ScalarValues(value))
        {
            if (rune is null) return "has a lone surrogate; values must be valid Unicode";
            length++;
        }

        return length <= MaxValueLength ? null : $"has {length} characters; values have at most {MaxValueLength}";
    }
}
