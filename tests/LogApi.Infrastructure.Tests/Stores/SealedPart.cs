using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Tree;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>What one process reads the sealed part of the log with.</summary>
internal sealed class SealedPart
{
    public SealedPart(RedisConnection connection, SealedOptions? options = null, int partLength = StoreOptions.BulkReplyBytes)
    {
        Cache = new BundleCache(options ?? new SealedOptions());
        Heads = new HeadReader(connection, Cache);
        Store = new SealedStore(connection) { PartLength = partLength };
        Bundles = new BundleReader(connection, Heads, Store, Cache);
        Leaves = new LeafSource(connection, Bundles);
        Times = new TimeDirectory(connection);
        Ids = new SealedIds(connection, Heads, Times, Store);
        Users = new UserIndex(connection);
        Histories = new UserHistory(connection, Heads, Users, Bundles);
    }

    public BundleCache Cache { get; }

    public HeadReader Heads { get; }

    public SealedStore Store { get; }

    public BundleReader Bundles { get; }

    public LeafSource Leaves { get; }

    public TimeDirectory Times { get; }

    public SealedIds Ids { get; }

    public UserIndex Users { get; }

    public UserHistory Histories { get; }
}
