using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>How far the parts of the log reach.</summary>
/// <param name="Head">Where it begins and ends.</param>
/// <param name="Sealed">The first number of the hot part; every one below it is sealed, or dropped.</param>
internal readonly record struct LogExtent(LogHead Head, long Sealed)
{
    /// <summary>The first bundle that retention has kept.</summary>
    public long FirstBundle => Head.First / RedisKeys.BundleSize;

    /// <summary>The first bundle that is not sealed.</summary>
    public long SealedBundles => Sealed / RedisKeys.BundleSize;
}
