using LogApi.Application.Ports;
using LogApi.Infrastructure.Embedded;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Audit;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Connections;
using LogApi.Infrastructure.Redis.Feed;
using LogApi.Infrastructure.Redis.Idempotency;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Search;
using LogApi.Infrastructure.Redis.Sessions;
using LogApi.Infrastructure.Redis.Tree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LogApi.Infrastructure;

/// <summary>Registers what implements the ports of the application layer.</summary>
public static class DependencyInjection
{
    /// <summary>
    /// Adds the store, embedded or Redis. The options are bound by the outside, which also registers a
    /// <see cref="TimeProvider"/>, the log's <see cref="ICheckpointSigner"/> and the <see cref="Domain.Hashing.EntryHasher"/>. Starting the host throws <see cref="Application.Common.Errors.StartRefusedException"/> when
    /// the store must not be used.
    /// </summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services)
    {
        services.AddParts();

        // In this order they start; in the opposite one they stop, so that the last entries still find the store.
        services.AddHostedService(provider => provider.GetRequiredService<StoreStartup>());
        services.AddHostedService<HeadGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<TreeGuard>());
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommitWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<LogFeed>());
        services.AddHostedService<Keeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LogAudit>());
        services.AddHostedService<Integrator>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisSessionStore>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnectionRegistry>());
        return services;
    }

    /// <summary>
    /// Adds the store for a command that looks at it once: nothing runs by itself, and <see cref="IStoreAccess"/> opens it.
    /// </summary>
    public static IServiceCollection AddStoreForCommand(this IServiceCollection services)
    {
        services.AddParts();
        services.AddSingleton<IStoreAccess>(provider => provider.GetRequiredService<StoreStartup>());
        return services;
    }

    private static void AddParts(this IServiceCollection services)
    {
        services.AddOptionsValue<StoreOptions>();
        services.AddOptionsValue<AppendOptions>();
        services.AddOptionsValue<FeedOptions>();
        services.AddOptionsValue<ScanOptions>();
        services.AddOptionsValue<SealedOptions>();
        services.AddOptionsValue<KeeperOptions>();
        services.AddOptionsValue<AuditOptions>();
        services.AddOptionsValue<IntegratorOptions>();
        services.AddOptionsValue<SessionCacheOptions>();
        services.AddOptionsValue<IdempotencyOptions>();
        services.AddSingleton<StoreStartup>();
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<EmbeddedDurability>();
        services.AddSingleton<RedisDurability>();
        services.AddSingleton<IStoreDurability>(provider => provider.GetRequiredService<StoreOptions>().IsEmbedded
            ? provider.GetRequiredService<EmbeddedDurability>()
            : provider.GetRequiredService<RedisDurability>());
        services.AddSingleton<RedisStoreMonitor>();
        services.AddSingleton<IStoreMonitor>(provider => provider.GetRequiredService<RedisStoreMonitor>());
        services.AddSingleton<WriterName>();
        services.AddSingleton<AppendScript>();
        services.AddSingleton<GroupCommitWriter>();
        services.AddSingleton<BundleCache>();
        services.AddSingleton<HeadReader>();
        services.AddSingleton<SealedStore>();
        services.AddSingleton<BundleReader>();
        services.AddSingleton<TimeDirectory>();
        services.AddSingleton<UserIndex>();
        services.AddSingleton<UserHistory>();
        services.AddSingleton<SealedIds>();
        services.AddSingleton<ILogRepository, LogRepository>();
        services.AddSingleton<ScanPlan>();
        services.AddSingleton<ILogSearch, LogSearch>();
        services.AddSingleton(new KeeperScripts());
        services.AddSingleton<KeeperLease>();
        services.AddSingleton<SealedIndex>();
        services.AddSingleton<BundleWriter>();
        services.AddSingleton<Sealer>();
        services.AddSingleton<RetentionPlan>();
        services.AddSingleton<Retention>();
        services.AddSingleton<Redactor>();
        services.AddSingleton<ILogRedaction>(provider => provider.GetRequiredService<Redactor>());
        services.AddSingleton(new TreeScripts());
        services.AddSingleton<TreeStore>();
        services.AddSingleton<TreeGuard>();
        services.AddSingleton<StoredTiles>();
        services.AddSingleton<LeafSource>();
        services.AddSingleton<EntryCheck>();
        services.AddSingleton<LeafReader>();
        services.AddSingleton<IntegratorLease>();
        services.AddSingleton<ITransparencyLog, TransparencyLog>();
        services.AddSingleton(provider => PolicyOf(provider.GetRequiredService<IntegratorOptions>(), provider.GetRequiredService<KeeperOptions>()));
        services.AddSingleton<TreeRestart>();
        services.AddSingleton<ILogRestart, LogRestart>();
        services.AddSingleton<AuditLease>();
        services.AddSingleton<Auditor>();
        services.AddSingleton<IAuditRunner, AuditRunner>();
        services.AddSingleton<LogAudit>();
        services.AddSingleton<ILogAudit>(provider => provider.GetRequiredService<LogAudit>());
        services.AddSingleton<ILogStatistics, LogStatistics>();
        services.AddSingleton<LogFeed>();
        services.AddSingleton<ILogFeed>(provider => provider.GetRequiredService<LogFeed>());
        services.AddSingleton<SessionCache>();
        services.AddSingleton<RedisSessionStore>();
        services.AddSingleton<ISessionStore>(provider => provider.GetRequiredService<RedisSessionStore>());
        services.AddSingleton<IIdempotencyStore, RedisIdempotencyStore>();
        services.AddSingleton<RedisConnectionRegistry>();
        services.AddSingleton<IConnectionRegistry>(provider => provider.GetRequiredService<RedisConnectionRegistry>());
    }

    private static TransparencyPolicy PolicyOf(IntegratorOptions integrator, KeeperOptions keeper) =>
        new(integrator.Interval, keeper.RetentionDays, keeper.RetentionMaxEntries, integrator.AcceptUnsigned);

    private static void AddOptionsValue<TOptions>(this IServiceCollection services)
        where TOptions : class =>
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
}
