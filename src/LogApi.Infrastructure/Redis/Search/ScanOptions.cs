using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Search;

/// <summary>How much of the store searches and exports may use.</summary>
public sealed class ScanOptions
{
    /// <summary>How many reads from the store run at once for all searches and exports of a process; 8 unless told.</summary>
    [Setting("SEARCH_STORE_READS", Min = 1, Max = 1_024, Unit = "reads")]
    public int StoreReads { get; init; } = 8;

    /// <summary>How many bytes of entries one search or export reads ahead of what it gives out; 4 MiB unless told.</summary>
    [Setting("SEARCH_AHEAD_BYTES", Min = 65_536, Max = 268_435_456, Unit = "bytes")]
    public int AheadBytes { get; init; } = 4_194_304;
}
