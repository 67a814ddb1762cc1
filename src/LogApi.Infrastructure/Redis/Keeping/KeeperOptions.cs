using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>What is sealed, and what is dropped.</summary>
public sealed class KeeperOptions
{
    /// <summary>How many complete bundles of 256 entries stay uncompressed at the end of the log; 4 unless told.</summary>
    [Setting("SEAL_HOT_BUNDLES", Min = 1, Max = 1_000_000, Unit = "bundles")]
    public int HotBundles { get; init; } = 4;

    /// <summary>
    /// How long a bundle is kept both ways once it is sealed; 2,000 ms unless told. In a cluster the sealed one is on another node,
    /// which must not lose it in a crash after the first node has let go of it: more than one interval of its fsync.
    /// </summary>
    [Setting("SEAL_HOLD_MS", Min = 0, Max = 600_000, Unit = "milliseconds")]
    public int HoldMilliseconds { get; init; } = 2_000;

    /// <summary>For how many days entries are kept; 0, the default, for ever.</summary>
    [Setting("LOG_RETENTION_DAYS", Min = 0, Max = 36_500, Unit = "days")]
    public int RetentionDays { get; init; }

    /// <summary>How many of the newest entries are kept; the oldest go in bundles of 256. 0, the default, for all.</summary>
    [Setting("LOG_RETENTION_MAX_ENTRIES", Min = 0, Max = 1_000_000_000_000, Unit = "entries")]
    public long RetentionMaxEntries { get; init; }

    /// <summary>How long a bundle is kept both ways.</summary>
    public TimeSpan Hold => TimeSpan.FromMilliseconds(HoldMilliseconds);
}
