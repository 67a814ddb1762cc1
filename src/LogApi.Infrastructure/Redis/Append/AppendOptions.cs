using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>Bounds of the queue in front of the store, and of what is sent from it at once.</summary>
public sealed class AppendOptions
{
    /// <summary>How many entries may wait; one more is answered 503. 8,192 unless told.</summary>
    [Setting("APPEND_QUEUE_ENTRIES", Min = 1, Max = 1_000_000, Unit = "entries")]
    public int QueueEntries { get; init; } = 8_192;

    /// <summary>How many bytes of records may wait; more are answered 503. 64 MiB unless told.</summary>
    [Setting("APPEND_QUEUE_BYTES", Min = 1_048_576, Max = 4_294_967_296, Unit = "bytes")]
    public long QueueBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many entries are sent to the store in one call; 512 unless told.</summary>
    [Setting("APPEND_BATCH_ENTRIES", Min = 1, Max = 2_000, Unit = "entries")]
    public int BatchEntries { get; init; } = 512;

    /// <summary>
    /// How many bytes of records are sent to the store in one call, one record at the least; 1 MiB unless told. The embedded
    /// store takes no more than 8 MiB: its scripts have 64 MiB, and a command must fit a page of its file.
    /// </summary>
    [Setting("APPEND_BATCH_BYTES", Min = 65_536, Max = 8_388_608, Unit = "bytes")]
    public int BatchBytes { get; init; } = 1024 * 1024;
}
