using Serilog;
using Serilog.Configuration;
using Serilog.Events;

namespace LogApi.Web.Hosting;

/// <summary>The service's own log: one line an event on standard output, one event a request.</summary>
internal static class LoggingSetup
{
    // Lines wait here for at most a moment and then go out together: a write for each would cost more than the request's own work.
    // Beyond the bound, lines are lost rather than requests held up or memory filled. What waits at the end is written.
    private static readonly BatchingOptions Batches = new()
    {
        BatchSizeLimit = 2_000,
        BufferingTimeLimit = TimeSpan.FromMilliseconds(200),
        QueueLimit = 50_000,
        EagerlyEmitFirstEvent = true,
    };

    /// <summary>Adds the log. Levels come from the configuration, section <c>Serilog</c>.</summary>
    public static void AddLogging(this WebApplicationBuilder builder)
    {
        builder.Services.AddSerilog((_, log) => log
            .ReadFrom.Configuration(builder.Configuration)

            // The library's word about its licence; the README has ours.
            .MinimumLevel.Override("LuckyPennySoftware.AutoMapper.License", LogEventLevel.Fatal)

            // Tells of a failed start with a stack trace; StartFailure has told it in a line.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .WriteTo.Sink(new BatchedConsole(Console.OpenStandardOutput()), Batches));
        var factory = builder.Services.Last(service => service.ServiceType == typeof(ILoggerFactory)).ImplementationFactory!;
        builder.Services.AddSingleton<ILoggerFactory>(services => new LoggerCache((ILoggerFactory)factory(services)));
    }

    /// <summary>Writes one event when a request is over: no query string, no header, no body.</summary>
    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(options =>
    {
        options.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} {Elapsed:0.0} ms";
        options.GetLevel = static (context, _, fault) => LevelOf(context, fault);

        // Escaped again, as it came: a decoded path may hold line breaks that would forge lines of the log.
        options.GetMessageTemplateProperties = static (context, _, elapsed, status) =>
        [
            new("RequestMethod", new ScalarValue(context.Request.Method)),
            new("RequestPath", new ScalarValue(context.Request.Path.ToUriComponent())),
            new("StatusCode", new ScalarValue(status)),
            new("Elapsed", new ScalarValue(elapsed)),
        ];
    });

    private static LogEventLevel LevelOf(HttpContext context, Exception? fault)
    {
        var status = context.Response.StatusCode;
        if (fault is not null || status == StatusCodes.Status500InternalServerError) return LogEventLevel.Error;
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) return LogEventLevel.Debug;
        return status >= StatusCodes.Status500InternalServerError ? LogEventLevel.Warning : LogEventLevel.Information;
    }
}
