using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LogApi.Application.Ports;

/// <summary>Where the log ends, and where it begins.</summary>
/// <param name="Epoch">Changes only when the numbering starts anew, as on an emptied store; empty while nothing was stored.</param>
/// <param name="Next">The number that the next entry will get; also how many were ever stored.</param>
/// <param name="First">The first number that retention has kept; every one below it is dropped.</param>
/// <param name="Redactions">How many entries were redacted: when there are more, what was read before may have too much in it.</param>
/// <param name="SetBacks">
/// How often a store has lost its newest entries and given their numbers to others, oldest first: <c>name:end</c> with spaces
/// between. Since then the numbering has that name, and what had a number from the end on before is not in the log.
/// </param>
public readonly record struct LogHead(string Epoch, long Next, long First = 0, long Redactions = 0, string SetBacks = "")
{
    private const int MostCharacters = 32;

    // A place of a time before that is taken for one of another log, which is never wrong.
    private const int MostSetBacks = 64;

    /// <summary>The name of the numbering as it is now: other than <see cref="Epoch"/>, it changes also when the log is set back.</summary>
    public string Numbering => NameOf(string.IsNullOrEmpty(SetBacks) ? Epoch : Split(SetBacks)[^1].Name);

    /// <summary>
    /// Tells up to which number, exclusive, the numbers of a numbering still are those of the same entries:
    /// <see cref="long.MaxValue"/> for the present one; null for one that this log has never had, or long ago.
    /// </summary>
    public long? ValidUpTo(string numbering)
    {
        var setBacks = Split(SetBacks);
        var isFirst = numbering == NameOf(Epoch);
        var since = isFirst ? 0 : Array.FindIndex(setBacks, setBack => NameOf(setBack.Name) == numbering) + 1;
        if (since == 0 && !isFirst) return null;
        return setBacks.Skip(since).Select(setBack => setBack.End).DefaultIfEmpty(long.MaxValue).Min();
    }

    /// <summary>Gives <see cref="SetBacks"/> with one more.</summary>
    /// <param name="name">The new name of the numbering.</param>
    /// <param name="end">From which number on the entries are not in the log any more.</param>
    public string WithSetBack(string name, long end) =>
        string.Join(' ', Split(SetBacks).Append((name, end)).TakeLast(MostSetBacks).Select(setBack => FormattableString.Invariant($"{setBack.Item1}:{setBack.Item2}")));

    // Names go into places where not every character may stand. One that was edited in the store gets another that may.
    private static string NameOf(string? stored)
    {
        var name = stored ?? "";
        return name.Length <= MostCharacters && name.All(char.IsAsciiLetterOrDigit)
            ? name
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
    }

    private static (string Name, long End)[] Split(string? text) =>
    [
        .. (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(':'))
            .Select(parts => (parts[0], parts.Length == 2 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var end) ? end : 0)),
    ];
}
