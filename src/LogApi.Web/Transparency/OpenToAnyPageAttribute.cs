using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Transparency;

/// <summary>
/// Lets every page read an answer that caches keep: the headers of <see cref="OpenCors"/> are on each answer, also on one to a
/// request without <c>Origin</c>, for a cache gives the same answer to a page that sends one.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenToAnyPageAttribute : Attribute, IAlwaysRunResultFilter
{
    /// <inheritdoc/>
    public void OnResultExecuting(ResultExecutingContext context)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = HeaderNames.ETag;
    }

    /// <inheritdoc/>
    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
