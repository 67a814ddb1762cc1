using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Feed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LogApi.Infrastructure;

/// <summary>Registers what implements the ports of the application layer.</summary>
public static class DependencyInjection
{
    /// <summary>Adds the store, embedded or Redis. The options are bound by the outside.</summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StoreOptions>>().Value);
        services.AddSingleton<RedisConnection>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AppendOptions>>().Value);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<FeedOptions>>().Value);
        services.AddSingleton<WriterName>();
        services.AddSingleton<IStoreDurability, RedisDurability>();
        services.AddSingleton<AppendScript>();
        services.AddSingleton<GroupCommitWriter>();
        services.AddSingleton<ILogRepository, LogRepository>();
        services.AddSingleton<LogFeed>();
        services.AddSingleton<ILogFeed>(provider => provider.GetRequiredService<LogFeed>());

        // In this order they start; in the opposite one they stop, so that the last entries still find the store.
        services.AddHostedService<StoreStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommitWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<LogFeed>());
        return services;
    }
}
