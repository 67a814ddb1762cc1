using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>What one process seals and drops with, step by step instead of by itself.</summary>
internal sealed class KeeperPart
{
    private readonly RedisConnection _connection;

    public KeeperPart(
        StoreFixture store, LogProcess process, KeeperOptions? options = null, KeeperScripts? scripts = null, TimeProvider? time = null)
    {
        _connection = process.Connection;
        scripts ??= new KeeperScripts();
        options ??= new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0 };
        time ??= TimeProvider.System;
        var index = new SealedIndex(_connection, scripts);
        var lease = new KeeperLease(_connection, time);
        var writer = new BundleWriter(_connection, process.Sealed.Store, lease, scripts, NullLogger<BundleWriter>.Instance);
        Sealer = new Sealer(
            _connection, store.Durability, writer, process.Sealed.Store, index, options, scripts, time, NullLogger<Sealer>.Instance);
        Retention = new Retention(
            _connection, store.Durability, process.Sealed.Store, index, new RetentionPlan(_connection, options, time), lease, process.Logs, Some.Hasher,
            scripts, time, NullLogger<Retention>.Instance);
        Keeper = new Keeper(
            _connection, process.Sealed.Heads, lease, Sealer, Retention, time, NullLogger<Keeper>.Instance);
        Heads = process.Sealed.Heads;
    }

    public Sealer Sealer { get; }

    public Retention Retention { get; }

    public Keeper Keeper { get; }

    private Infrastructure.Redis.Sealed.HeadReader Heads { get; }

    /// <summary>Seals all that is due, without the lease.</summary>
    public async Task SealAsync(IDatabase? database = null)
    {
        database ??= _connection.Database;
        while (await Sealer.StepAsync(database, await Heads.ReadAsync(database), default) || Sealer.NextDue is not null)
        {
            // As the loop of the keeper would.
        }
    }

    /// <summary>Drops all that is due, without the lease.</summary>
    public async Task DropAsync(IDatabase? database = null)
    {
        database ??= _connection.Database;
        while (await Retention.StepAsync(database, await Heads.ReadAsync(database), default))
        {
            // As the loop of the keeper would.
        }
    }
}
