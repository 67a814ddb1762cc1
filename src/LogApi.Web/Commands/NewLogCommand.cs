using System.Globalization;
using LogApi.Application;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure;
using LogApi.Web.Configuration;

namespace LogApi.Web.Commands;

/// <summary>
/// <c>new-log --reason "..."</c>: starts the log anew under the name that <c>LOG_ORIGIN</c> and <c>LOG_SIGNING_KEY</c> say now, when
/// the service refuses to sign. The entries stay. With the embedded store, while the service is stopped.
/// </summary>
internal static class NewLogCommand
{
    private const string Usage = "usage: new-log --reason \"why\" [--NAME value ...], with LOG_ORIGIN and LOG_SIGNING_KEY of the new log";

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 0 when the log was started anew, 1 when it can't be, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        if (arguments is not ["--reason", var reason, ..] || reason.Trim().Length == 0)
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        if (LogAttributes.Check([KeyValuePair.Create("reason", (string?)reason)]) is { } problem)
        {
            await output.WriteLineAsync($"--reason: {problem}.");
            return 2;
        }

        try
        {
            await using var app = Build([.. arguments.Skip(2)], time);
            var log = await app.Services.GetRequiredService<ILogRestart>().RunAsync(reason, cancellationToken);
            await output.WriteLineAsync(Describe(log));
            return 0;
        }
        catch (StartRefusedException refused)
        {
            await output.WriteLineAsync(refused.Message);
            return 1;
        }
    }

    // As the service itself is set up, but nothing is served.
    private static WebApplication Build(string[] settings, TimeProvider time)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        builder.AddSettings();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.Services.AddApplication(SettingsBinder.Bind<LicenseOptions>(builder.Configuration).AutoMapperKey);
        builder.Services.AddInfrastructure();
        return builder.Build();
    }

    private static string Describe(RestartedLog log)
    {
        var before = log.PreviousOrigin.Length == 0
            ? "No former log is known."
            : string.Create(CultureInfo.InvariantCulture, $"The log before it, {log.PreviousOrigin}, ended with {log.PreviousSize} signed entries.");
        return string.Create(CultureInfo.InvariantCulture, $"""
            The log was started anew as {log.Origin}. {before}
            {(log.Problem.Length == 0 ? "Nothing was found to be wrong with it." : $"What was wrong with it: {log.Problem}")}
            Entry {log.Sequence}, {log.EntryId}, tells of it. Start every service of this log with the new LOG_ORIGIN and LOG_SIGNING_KEY.
            """);
    }
}
