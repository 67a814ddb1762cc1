using LogApi.Application.Common.Settings;

namespace LogApi.Web.Bulk;

/// <summary>How much one batch may hold.</summary>
internal sealed class BatchOptions
{
    /// <summary>The most entries of one batch; 10,000 unless told. The results of a batch are in memory until it is answered.</summary>
    [Setting("BATCH_MAX_ENTRIES", Min = 1, Max = 100_000, Unit = "entries")]
    public int MaxEntries { get; init; } = 10_000;

    /// <summary>The most bytes of one batch, as sent and, when it was compressed, unpacked; 16 MiB unless told.</summary>
    [Setting("BATCH_MAX_BYTES", Min = 1_024, Max = 1_073_741_824, Unit = "bytes")]
    public long MaxBytes { get; init; } = 16 * 1024 * 1024;
}
