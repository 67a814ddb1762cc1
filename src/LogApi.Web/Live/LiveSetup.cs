using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Http;
using LogApi.Web.Live.Ring;
using Microsoft.Extensions.Options;

namespace LogApi.Web.Live;

/// <summary>The live endpoints, <c>/ws/logs</c> and <c>/ws/stream</c>, and what their twin over plain HTTP needs.</summary>
internal static class LiveSetup
{
    /// <summary>Adds what they need.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LiveOptions>>().Value);
        services.AddSingleton<LivePulse>();
        services.AddSingleton<LiveRing>();
        services.AddSingleton<LiveHeartbeat>();
        services.AddSingleton<LiveIntegrity>();
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<PatientReader>();
        services.AddSingleton<LiveDrain>();
        services.AddSingleton<RetryHint>();
        services.AddSingleton<KeepAliveService>();
        services.AddSingleton<LiveServices>();
        services.AddSingleton<LiveAdmission>();
        services.AddSingleton<LiveEndpoint>();
        services.AddSingleton<EventStreamEndpoint>();
        services.AddHostedService<FeedSubscription>();
        services.AddHostedService<HeartbeatService>();
        services.AddHostedService(static provider => provider.GetRequiredService<KeepAliveService>());
        return services;
    }

    /// <summary>Serves them. Goes inside whatever turns exceptions into answers.</summary>
    public static IApplicationBuilder UseLive(this IApplicationBuilder app)
    {
        return app.MapWhen(LiveEndpoint.IsAt, live =>
        {
            live.Use(static (context, next) =>
            {
                SharedFrameFeature.Install(context);
                return next(context);
            });

            // KeepAliveService does it.
            live.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
            live.Run(live.ApplicationServices.GetRequiredService<LiveEndpoint>().ServeAsync);
        });
    }
}
