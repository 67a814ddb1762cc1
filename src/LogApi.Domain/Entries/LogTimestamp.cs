using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogApi.Domain.Entries;

/// <summary>
/// When something was: UTC, in whole microseconds, as ISO 8601 text <c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c>. The
/// text is what is served and what is hashed, so there is exactly one text for each instant.
/// </summary>
public sealed record LogTimestamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private const string UtcFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";
    private const string OffsetFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz";
    private const int SecondsLength = 19;
    private const int MinInstantLength = SecondsLength + 1;
    private const int TickDigits = 7;

    private static readonly SearchValues<char> Fraction = SearchValues.Create(".0123456789");

    private LogTimestamp(DateTime utc)
    {
        Utc = utc;
        Text = utc.ToString(Format, CultureInfo.InvariantCulture);
    }

    /// <summary>The instant, UTC.</summary>
    public DateTime Utc { get; }

    /// <summary>The one text of this instant, 27 characters.</summary>
    public string Text { get; }

    /// <summary>Takes an instant and cuts it, never rounds it, to microseconds.</summary>
    public static LogTimestamp From(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks;
        return new LogTimestamp(new DateTime(ticks - (ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc));
    }

    /// <summary>Says what is accepted when <paramref name="text"/> is not an instant, or nothing when it is.</summary>
    public static string? CheckInstant(string? text) =>
        TryParseInstant(text, out _) ? null : "must be a time with its offset, such as 2026-03-01T12:00:00.123456Z (RFC 3339)";

    /// <summary>
    /// Reads any instant of RFC 3339 §5.6, with <c>Z</c> or an offset, and cuts it to microseconds. Leap seconds are not accepted.
    /// </summary>
    public static bool TryParseInstant([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LogTimestamp? timestamp)
    {
        timestamp = null;
        if (text is null || text.Length < MinInstantLength) return false;

        // Fractions may have any number of digits; those past the ticks would be cut in any case.
        var offset = text.AsSpan(SecondsLength).IndexOfAnyExcept(Fraction);
        if (offset < 0) return false;
        var fraction = text.AsSpan(SecondsLength, offset);
        if (fraction.Length == 1 || fraction.LastIndexOf('.') > 0 || (fraction.Length > 0 && fraction[0] != '.')) return false;
        var kept = fraction[..Math.Min(fraction.Length, TickDigits + 1)];
        if (!DateTimeOffset.TryParseExact(
            string.Concat(text.AsSpan(0, SecondsLength), kept, text.AsSpan(SecondsLength + offset)),
            text[^1] is 'Z' ? UtcFormat : OffsetFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant)) return false;
        timestamp = From(instant);
        return true;
    }

    /// <summary>Reads the exact text that <see cref="Text"/> gives, and no other.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LogTimestamp? timestamp)
    {
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        timestamp = DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, style, out var utc)
            ? new LogTimestamp(utc)
            : null;
        return timestamp is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
