using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LogApi.Domain.Entries;

/// <summary>What was run: 1 character to 64 KiB of UTF-8, any text but lone surrogates.</summary>
public sealed record QueryText
{
    /// <summary>The longest accepted value, in bytes of UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private QueryText(string value) => Value = value;

    /// <summary>The accepted text, unchanged.</summary>
    public string Value { get; }

    /// <summary>Says what is wrong with <paramref name="text"/> and what is accepted, or nothing when it is a query.</summary>
    public static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text)) return $"is required: 1 character to {MaxBytes} bytes of UTF-8";

        // Each UTF-16 unit is at most three bytes of UTF-8, so short texts need no exact count.
        if (HasLoneSurrogate(text)) return "must be valid Unicode, without lone surrogates";
        if (text.Length <= MaxBytes / 3) return null;

        var bytes = Strict.GetByteCount(text);
        return bytes <= MaxBytes ? null : $"must be at most {MaxBytes} bytes of UTF-8; it has {bytes}";
    }

    /// <summary>Makes a query text when <see cref="Check"/> finds nothing wrong.</summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out QueryText? query)
    {
        query = Check(text) is null ? new QueryText(text!) : null;
        return query is not null;
    }

    /// <summary>Makes a query from text that was checked before.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds something wrong.</exception>
    public static QueryText Create(string? text) =>
        TryCreate(text, out var value) ? value : throw new ArgumentException($"A query {Check(text)}.", nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool HasLoneSurrogate(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return false;
        foreach (var rune in new ScalarValues(text))
        {
            if (rune is null) return true;
        }

        return false;
    }
}
