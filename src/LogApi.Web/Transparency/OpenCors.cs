using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Transparency;

/// <summary>
/// Every page may read the checkpoint and the tiles, whatever CORS_ORIGINS says: they are public, and who checks a log must not
/// need its operator's leave.
/// </summary>
internal static class OpenCors
{
    public const string Policy = "open";

    public static void Set(CorsPolicyBuilder policy) => policy
        .AllowAnyOrigin()
        .AllowAnyHeader()
        .WithMethods(HttpMethods.Get, HttpMethods.Head)
        .WithExposedHeaders(HeaderNames.ETag)
        .SetPreflightMaxAge(TimeSpan.FromDays(1));
}
