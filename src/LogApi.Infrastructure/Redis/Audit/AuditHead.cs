using System.Globalization;
using LogApi.Infrastructure.Redis.Keeping;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>All that the head says, with nothing left out or made up.</summary>
internal sealed class AuditHead
{
    private const string StatusPrefix = "s:";

    /// <summary>The name under which the statuses past the first thousand are counted.</summary>
    public const string Rest = "*";

    private readonly Dictionary<string, string> _fields;

    private AuditHead(Dictionary<string, string> fields) => _fields = fields;

    public string Epoch => _fields.GetValueOrDefault("epoch", "");

    public long Next => Number("next");

    public long First => Number("first");

    public long Sealed => Number("sealed");

    public long FirstBundle => First / RedisKeys.BundleSize;

    public long SealedBundles => Sealed / RedisKeys.BundleSize;

    public long Redactions => Number("redactions");

    /// <summary>What is counted, by the fields' names; without those of minutes.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>Whether a script was cut off whose rest the next one takes out.</summary>
    public bool IsTorn => IsSet("pending") || IsSet("recount");

    /// <summary>Whether an entry is being redacted.</summary>
    public bool IsRedacting => IsSet("redacting");

    /// <summary>The end of what retention drops now; 0 when it drops nothing.</summary>
    public long DroppingEnd => RetentionRun.Parse(_fields.GetValueOrDefault("dropping", "")) is { } run && run.Epoch == Epoch ? run.End : 0;

    public static AuditHead Read(HashEntry[] entries)
    {
        var fields = new Dictionary<string, string>(entries.Length, StringComparer.Ordinal);
        foreach (var entry in entries) fields[entry.Name.ToString()] = entry.Value.ToString();
        return new AuditHead(fields);
    }

    /// <summary>Gives a number; -1 when there is something else.</summary>
    public long Number(string field) =>
        !_fields.TryGetValue(field, out var text) ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>Gives the statuses that are counted by name, and how often.</summary>
    public IEnumerable<(string Status, long Count)> Statuses()
    {
        foreach (var field in _fields.Keys)
        {
            if (field.StartsWith(StatusPrefix, StringComparison.Ordinal) && field != StatusPrefix + Rest)
                yield return (field[StatusPrefix.Length..], Number(field));
        }
    }

    private bool IsSet(string field) => _fields.TryGetValue(field, out var text) && text.Length > 0;
}
