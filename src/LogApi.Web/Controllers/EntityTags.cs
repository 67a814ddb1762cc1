using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Controllers;

/// <summary>The tags by which a client says what it has already (RFC 9110 §8.8.3).</summary>
internal static class EntityTags
{
    private const int TagBytes = 16;

    /// <summary>Puts the strong tag of a body into the answer, and says whether the client has that body.</summary>
    public static bool IsKnown(HttpContext context, ReadOnlySpan<byte> body)
    {
        var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, TagBytes))}\"");
        context.Response.GetTypedHeaders().ETag = tag;
        return context.Request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }
}
