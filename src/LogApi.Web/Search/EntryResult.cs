using System.Buffers;
using LogApi.Application.Ports;
using LogApi.Web.Controllers;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Search;

/// <summary>Answers with one entry, or with 304 when the client has it.</summary>
internal sealed class EntryResult(StoredRecord entry) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var body = new ArrayBufferWriter<byte>(entry.Record.Length + 32);
        ServedEntry.Write(body, entry);
        var response = context.HttpContext.Response;

        // May be kept, but is asked for again each time: an edit in the store is to be seen.
        response.Headers.CacheControl = "no-cache";
        if (EntityTags.IsKnown(context.HttpContext, body.WrittenSpan))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, context.HttpContext.RequestAborted);
    }
}
