namespace LogApi.Web.Hosting;

/// <summary>Tells browsers to take every answer for what it says it is, and to keep addresses to themselves.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app) => app.Use(static (context, next) =>
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    });
}
