using LogApi.Application.Common.Settings;

namespace LogApi.Application.Logs;

/// <summary>How much one page of a search may cost.</summary>
public sealed class SearchOptions
{
    /// <summary>
    /// How many entries are looked through for one page. A page that has not got its entries by then ends with fewer, and with
    /// a cursor to go on from; 500,000 unless told.
    /// </summary>
    [Setting("SEARCH_SCAN_ENTRIES", Min = 1_000, Max = 1_000_000_000, Unit = "entries")]
    public int ScanEntries { get; init; } = 500_000;

    /// <summary>How many bytes of entries are looked through for one page; 256 MiB unless told.</summary>
    [Setting("SEARCH_SCAN_BYTES", Min = 1_048_576, Max = 1_099_511_627_776, Unit = "bytes")]
    public long ScanBytes { get; init; } = 268_435_456;

    /// <summary>How many bytes of entries a page holds, unless its first entry is larger; 4 MiB unless told.</summary>
    [Setting("SEARCH_PAGE_BYTES", Min = 65_536, Max = 268_435_456, Unit = "bytes")]
    public int PageBytes { get; init; } = 4_194_304;
}
