using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogApi.Domain.Transparency;

/// <summary>
/// What the log says of itself: how many entries it has, and the root of the tree over them (C2SP tlog-checkpoint). Signed, it
/// commits the log to every entry up to that size.
/// </summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">The number of entries.</param>
/// <param name="Root">The root hash.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>The text that is signed: three lines, each with its newline.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");

    /// <summary>
    /// Reads the text. Lines behind the third one, which other logs may add, are passed over; empty lines, leading zeros and
    /// any other form of the hash are not accepted.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text is null || !text.EndsWith('\n')) return false;
        var lines = text[..^1].Split('\n');
        if (lines.Length < 3 || lines.Any(line => line.Length == 0)) return false;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return false;
        if (lines[1] != size.ToString(CultureInfo.InvariantCulture)) return false;
        if (!TreeHash.TryParse(lines[2], out var root)) return false;
        checkpoint = new Checkpoint(lines[0], size, root);
        return true;
    }
}
