using Microsoft.Extensions.FileProviders;

namespace LogApi.Web.Hosting;

/// <summary>The monitoring console at <c>/console</c>: static files that use the public API and nothing else.</summary>
internal static class ConsolePages
{
    /// <summary>Where the console is.</summary>
    public const string Path = "/console";

    // Nothing but the service's own files and its own API: text of log entries can't become script, whatever it says.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>Serves it.</summary>
    public static void UseConsole(this WebApplication app)
    {
        var files = new PhysicalFileProvider(System.IO.Path.Combine(app.Environment.WebRootPath, "console"));
        app.UseWhen(static context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase), console =>
        {
            console.Use(static (context, next) =>
            {
                if (context.Request.Path == Path && HttpMethods.IsGet(context.Request.Method))
                {
                    // The page's own references are relative to its folder.
                    context.Response.Redirect(context.Request.PathBase + Path + "/" + context.Request.QueryString);
                    return Task.CompletedTask;
                }

                return next(context);
            });
            console.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = Path });
            console.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                RequestPath = Path,
                OnPrepareResponse = static file => SetHeaders(file.Context.Response.Headers),
            });
        });
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;

        // Asked for again each time, which costs an answer without a body: an update of the service is an update of the page.
        headers.CacheControl = "no-cache";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
