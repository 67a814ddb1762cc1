using System.Text;
using LogApi.Application.Ports;
using LogApi.Web.Controllers;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Transparency;

/// <summary>Answers with the signed checkpoint, or with 304 when the client has it.</summary>
internal sealed class CheckpointResult(PublishedCheckpoint published) : IActionResult
{
    public const string MediaType = "text/plain; charset=utf-8";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var body = Encoding.UTF8.GetBytes(published.Note.ToString());

        // As old as the next one may be young.
        http.Response.Headers.CacheControl = "public, max-age=1";
        if (EntityTags.IsKnown(http, body))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = MediaType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
