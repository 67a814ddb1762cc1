using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using LogApi.Application.Ports;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Search;

/// <summary>Answers with one entry, or with 304 when the client has it.</summary>
internal sealed class EntryResult(StoredRecord entry) : IActionResult
{
    private const int TagBytes = 16;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var body = new ArrayBufferWriter<byte>(entry.Record.Length + 32);
        ServedEntry.Write(body, entry);
        var request = context.HttpContext.Request;
        var response = context.HttpContext.Response;
        var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(body.WrittenSpan).AsSpan(0, TagBytes))}\"");
        response.GetTypedHeaders().ETag = tag;

        // May be kept, but is asked for again each time: an edit in the store is to be seen.
        response.Headers.CacheControl = "no-cache";
        if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, context.HttpContext.RequestAborted);
    }
}
