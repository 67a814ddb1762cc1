namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>What one node of the store says about itself, read from its <c>INFO</c> and <c>CONFIG GET</c> replies.</summary>
/// <param name="Product">Which product it is.</param>
/// <param name="EvictionPolicy">Its <c>maxmemory-policy</c>; null when it does not say.</param>
/// <param name="Durability">What an acknowledged write survives, in a word.</param>
internal sealed record StoreInspection(string Product, string? EvictionPolicy, string Durability)
{
    public const string Unknown = "unknown";
    public const string FsyncAlways = "fsync-always";

    // From the weakest promise to the strongest.
    private static readonly string[] Durabilities =
        ["none (memory only)", "snapshots", Unknown, "fsync-by-system", "fsync-everysec", FsyncAlways];

    /// <summary>Says why entries must not be given to this node, or nothing.</summary>
    public string? Refusal => EvictionPolicy is null or "noeviction"
        ? null
        : $"Redis may drop stored entries: its maxmemory-policy is {EvictionPolicy}; set it to noeviction "
            + "(redis.conf, or CONFIG SET maxmemory-policy noeviction).";

    /// <summary>Reads the replies of one node.</summary>
    /// <param name="info">The reply to <c>INFO</c>; null when it was refused.</param>
    /// <param name="settings">The reply to <c>CONFIG GET</c>; null when it was refused.</param>
    public static StoreInspection Read(string? info, IReadOnlyList<KeyValuePair<string, string>>? settings)
    {
        var fields = Fields(info ?? "");
        var product = fields.ContainsKey("valkey_version") ? "valkey" : "redis";
        return new StoreInspection(product, fields.GetValueOrDefault("maxmemory_policy"), ReadDurability(settings ?? []));
    }

    /// <summary>Takes many nodes as one, which is as good as the worst of them.</summary>
    public static StoreInspection Worst(IReadOnlyList<StoreInspection> nodes) => nodes switch
    {
        [] => new StoreInspection("redis", EvictionPolicy: null, Unknown),
        _ => new StoreInspection(
            nodes[0].Product,
            (nodes.FirstOrDefault(node => node.Refusal is not null) ?? nodes[0]).EvictionPolicy,
            nodes.Select(node => node.Durability).MinBy(word => Array.IndexOf(Durabilities, word))!),
    };

    private static string ReadDurability(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        string? Setting(string name) => settings.FirstOrDefault(setting => setting.Key == name).Value;
        return (Setting("appendonly"), Setting("appendfsync")) switch
        {
            ("yes", "always") => FsyncAlways,
            ("yes", "everysec") => "fsync-everysec",
            ("yes", "no") => "fsync-by-system",
            ("no", _) => Setting("save") is { Length: > 0 } ? "snapshots" : "none (memory only)",
            _ => Unknown,
        };
    }

    private static Dictionary<string, string> Fields(string info)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0) fields[line[..colon]] = line[(colon + 1)..];
        }

        return fields;
    }
}
