using LogApi.Application;
using LogApi.Infrastructure;
using LogApi.Web.Commands;
using LogApi.Web.Configuration;
using LogApi.Web.Hosting;
using LogApi.Web.Live;

if (await SubCommands.TryRunAsync(args, Console.Out, TimeProvider.System, CancellationToken.None) is { } exitCode) return exitCode;

return await StartFailure.ReportAsync(async () =>
{
    // The program's own files lie beside it, wherever it is started from; the working folder holds .env and the data.
    var options = new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory };
    var builder = WebApplication.CreateBuilder(options);
    builder.AddSettings();
    builder.AddLogging();
    builder.AddServer();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddApplication(SettingsBinder.Bind<LicenseOptions>(builder.Configuration).AutoMapperKey);
    builder.Services.AddInfrastructure();
    builder.Services.AddLive();
    builder.AddWeb();

    await using var app = builder.Build();
    app.UseWeb();
    await app.StartOrRefuseAsync();
    await app.WaitForShutdownAsync();
});
