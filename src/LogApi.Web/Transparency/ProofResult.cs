using System.Buffers;
using System.Text;
using System.Text.Json;
using LogApi.Application.Transparency.GetProof;
using LogApi.Web.Search;
using LogApi.Web.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Transparency;

/// <summary>Answers with a proof, as a file of C2SP tlog-proof or as JSON.</summary>
/// <param name="proof">The proof.</param>
/// <param name="withEntry">Whether the file carries the entry and its salt, so that it needs nothing else to be checked.</param>
internal sealed class ProofResult(EntryProof proof, bool withEntry) : IActionResult
{
    public const string JsonType = "application/json";
    public const string FileType = "text/plain";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var response = http.Response;
        response.Headers.Vary = HeaderNames.Accept;
        response.Headers.CacheControl = "no-store";
        byte[] body;
        if (PrefersJson(http.Request))
        {
            response.ContentType = JsonType;
            body = JsonSerializer.SerializeToUtf8Bytes(EntryProofResponse.Of(proof), ApiJson.Context.EntryProofResponse);
        }
        else
        {
            response.ContentType = FileType + "; charset=utf-8";
            response.Headers.ContentDisposition = $"attachment; filename=\"{proof.Leaf.Id}.tlog-proof\"";
            body = Encoding.UTF8.GetBytes((proof.File with { Extra = withEntry ? Extra() : default }).ToString());
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static bool PrefersJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var (json, text) = (QualityOf(JsonType), QualityOf(FileType));
        return json > 0 && json >= text;

        double QualityOf(string type) => accepted
            .Where(media => media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(media => media.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();
    }

    private byte[] Extra()
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write("{\"entry\":"u8);
        ServedEntry.Write(text, proof.Stored);
        text.Write(",\"salt\":"u8);
        text.Write(proof.Salt.IsEmpty ? "null"u8 : Encoding.ASCII.GetBytes($"\"{Convert.ToBase64String(proof.Salt.Span)}\""));
        text.Write("}"u8);
        return text.WrittenSpan.ToArray();
    }
}
