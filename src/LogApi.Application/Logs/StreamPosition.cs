using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogApi.Application.Logs;

/// <summary>How far a client of a live stream has got: <c>&lt;epoch&gt;-&lt;seq&gt;</c>.</summary>
/// <param name="Epoch">Names the numbering (<see cref="Ports.LogHead.Numbering"/>).</param>
/// <param name="Sequence">The last number that it was given, or that was passed over for it; -1 before the first.</param>
public sealed record StreamPosition(string Epoch, long Sequence)
{
    private const int MaxEpochLength = 64;

    /// <summary>Says that a text is not a position, or nothing when it is one.</summary>
    public static string? Check(string text) =>
        TryParse(text, out _) ? null : "must be <epoch>-<seq>, as a message or an event id gave them";

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StreamPosition? position)
    {
        ArgumentNullException.ThrowIfNull(text);
        position = null;
        var end = text.IndexOf('-', StringComparison.Ordinal);
        if (end is < 1 or > MaxEpochLength || !text.Take(end).All(char.IsAsciiLetterOrDigit)) return false;
        if (!long.TryParse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence)) return false;
        if (sequence is < -1 or long.MaxValue) return false;
        position = new StreamPosition(text[..end], sequence);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Sequence}");
}
