namespace LogApi.Benchmarks.Bare;

/// <summary>
/// The yardstick: an ASP.NET Core MVC service that does nothing but bind the JSON of an entry and answer with it. No request
/// can cost less on this framework, so the ratio to it is what the service's own work costs.
/// </summary>
internal static class BareServer
{
    public static async Task<int> RunAsync(CommandLine arguments)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddControllers();
        await using var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{arguments.Number("port", 0)}");
        app.MapControllers();
        await app.RunAsync();
        return 0;
    }
}
