using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>How much of the sealed part of the log a process keeps at hand.</summary>
public sealed class SealedOptions
{
    /// <summary>How many bytes of decompressed bundles are kept; 64 MiB unless told, 0 for none.</summary>
    [Setting("SEALED_CACHE_BYTES", Min = 0, Max = 17_179_869_184, Unit = "bytes")]
    public long CacheBytes { get; init; } = 64 * 1024 * 1024;
}
