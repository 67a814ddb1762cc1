using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>How far the parts of the log reach.</summary>
/// <param name="Head">Where it begins and ends.</param>
/// <param name="Sealed">The first number of the hot part; every one below it is sealed, or dropped.</param>
/// <param name="Generation">
/// Changes whenever the store may have gone back, or another log begun: what was kept of an earlier one may be of entries that
/// are lost.
/// </param>
internal readonly record struct LogExtent(LogHead Head, long Sealed, long Generation)
{
    /// <summary>The first bundle that retention has kept.</summary>
    public long FirstBundle => Head.First / RedisKeys.BundleSize;

    /// <summary>The first bundle that is not sealed.</summary>
    public long SealedBundles => Sealed / RedisKeys.BundleSize;

    /// <summary>Whether a log that reached as far as another extent can't reach so far only, unless the store went back.</summary>
    public bool IsBehind(LogExtent other) =>
        other.Head.Epoch is not null
        && (Head.Epoch != other.Head.Epoch || Head.Next < other.Head.Next || Head.First < other.Head.First || Sealed < other.Sealed
            || Head.Redactions < other.Head.Redactions);
}
