using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
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
        services.AddHostedService<StoreStartup>();
        return services;
    }
}
