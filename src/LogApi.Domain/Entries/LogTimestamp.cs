using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogApi.Domain.Entries;

/// <summary>
/// When the service accepted an entry: UTC, in whole microseconds, as ISO 8601 text <c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c>. The
/// text is what is served and what is hashed, so there is exactly one text for each instant.
/// </summary>
public sealed record LogTimestamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

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
