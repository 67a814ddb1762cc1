using LogApi.Domain.Transparency;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>What an audit covers: the entries below a size, and the tree over them. It does not change while the log grows.</summary>
/// <param name="Origin">The log's name, which its tiles go by.</param>
/// <param name="Size">How many entries.</param>
/// <param name="Base">Entries below it that are lost may have a leaf that says so.</param>
internal sealed record AuditTarget(string Origin, long Size, long Base)
{
    /// <summary>How many bundles these are in.</summary>
    public long Bundles => (Size + RedisKeys.BundleSize - 1) / RedisKeys.BundleSize;

    /// <summary>How many of a bundle's entries are covered.</summary>
    public int CountIn(long bundle) => (int)Math.Clamp(Size - (bundle * RedisKeys.BundleSize), 0, RedisKeys.BundleSize);

    /// <summary>Gives the tile that holds the leaf hashes of a bundle.</summary>
    public Tile TileOf(long bundle) => new(0, bundle, CountIn(bundle));
}
