using LogApi.Web.Configuration;
using LogApi.Web.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Bulk;

/// <summary>What a request that brings a batch says in its headers.</summary>
internal static class BatchRequest
{
    /// <summary>The media type of a JSON array.</summary>
    public const string ArrayType = "application/json";

    /// <summary>The media type of lines of JSON.</summary>
    public const string LinesType = "application/x-ndjson";

    // Neither is registered, and both are in use for the same thing.
    private const string OtherLinesType = "application/jsonl";
    private const string AcceptedTypes = ArrayType + ", " + LinesType;

    private const string MinimalPreference = "return=minimal";

    /// <summary>Opens the body, of which nothing is read yet.</summary>
    /// <exception cref="FailureException">It is of another type or coding, or longer than may be.</exception>
    public static BatchReader OpenBody(HttpContext context, string? contentEncoding, HttpOptions http, BatchOptions batch, bool isDigested)
    {
        var request = context.Request;
        var framer = FramerFor(request, http.MaxBodyBytes);
        if (request.ContentLength > batch.MaxBytes) throw new FailureException(BatchReader.TooLarge(batch));

        // The server's own limit is that of a single entry; the reader counts for itself, and knows what it has read by then.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var sent = new LimitedStream(request.Body, batch.MaxBytes, () => BatchReader.TooLarge(batch));
        var body = BodyEncoding.Open(sent, contentEncoding);
        return new BatchReader(body, framer, http.MaxBodyBytes, batch, isDigested);
    }

    /// <summary>Whether the client wants to hear only of items that are not stored (RFC 7240 §4.2).</summary>
    public static bool PrefersMinimal(string? prefer) => (prefer ?? "").Split(',')
        .Select(static preference => preference.Split(';')[0].Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal))
        .Contains(MinimalPreference, StringComparer.OrdinalIgnoreCase);

    /// <summary>Says in the answer that the preference counted.</summary>
    public static void ConfirmMinimal(HttpResponse response) => response.Headers["Preference-Applied"] = MinimalPreference;

    private static ItemFramer FramerFor(HttpRequest request, int maxItemBytes)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && Serialization.JsonBodyReader.IsUtf8(type))
        {
            if (type.MediaType.Equals(ArrayType, StringComparison.OrdinalIgnoreCase)) return new ArrayFramer(maxItemBytes);
            if (type.MediaType.Equals(LinesType, StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals(OtherLinesType, StringComparison.OrdinalIgnoreCase)) return new LineFramer(maxItemBytes);
        }

        throw new FailureException(
            new Failure(ProblemKinds.UnsupportedMediaType, "Send a JSON array or lines of JSON, in UTF-8.") { Accepts = AcceptedTypes });
    }
}
