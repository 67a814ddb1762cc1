using System.IO.Compression;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Transparency;

/// <summary>Answers with what never changes: a tile's hashes, or the leaves under them.</summary>
/// <param name="bytes">The content.</param>
/// <param name="isPackable">Whether it gets smaller: leaves do, hashes do not.</param>
internal sealed class TileResult(ReadOnlyMemory<byte> bytes, bool isPackable) : IActionResult
{
    public const string MediaType = "application/octet-stream";

    private const string Gzip = "gzip";
    private const int YearSeconds = 365 * 24 * 60 * 60;

    private static readonly string CacheControl = $"public, max-age={YearSeconds}, immutable";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var body = bytes;
        if (isPackable)
        {
            http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (TakesGzip(http.Request))
            {
                http.Response.Headers.ContentEncoding = Gzip;
                body = await PackAsync(bytes, http.RequestAborted);
            }
        }

        http.Response.Headers.CacheControl = CacheControl;
        http.Response.ContentType = MediaType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    // RFC 9110 §12.5.3: a coding that is named counts before the asterisk.
    private static bool TakesGzip(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        var named = accepted.FirstOrDefault(coding => coding.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(coding => coding.Value == "*");
        return named is { Quality: not 0 };
    }

    private static async Task<ReadOnlyMemory<byte>> PackAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var packed = new MemoryStream(bytes.Length / 2);
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(bytes, cancellationToken);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
