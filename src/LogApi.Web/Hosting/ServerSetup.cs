using LogApi.Web.Configuration;

namespace LogApi.Web.Hosting;

/// <summary>The HTTP server: its address, its limits, its end.</summary>
internal static class ServerSetup
{
    private const string DefaultAddress = "http://localhost:8001";

    // Ctrl-C is to be over within 5 s; the server takes ConnectionDrain.Limit of it at the most, the last entries the rest.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(4.25);

    /// <summary>Sets the server up.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        var options = SettingsBinder.Bind<HttpOptions>(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            var drain = kestrel.ApplicationServices.GetRequiredService<ConnectionDrain>();
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => drain.ServeAsync(connection, next)));
        });
        if (!HasAddress(builder.Configuration)) builder.WebHost.UseUrls(DefaultAddress);
        builder.Services.AddSingleton<ConnectionDrain>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);
    }

    // A default in appsettings.json would win over ASPNETCORE_URLS, so it is here.
    private static bool HasAddress(ConfigurationManager configuration) =>
        !string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpPortsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpsPortsKey])
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
