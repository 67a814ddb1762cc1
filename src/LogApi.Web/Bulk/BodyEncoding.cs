using LogApi.Web.Errors;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LogApi.Web.Bulk;

/// <summary>Undoes the <c>Content-Encoding</c> of a body (RFC 9110 §8.4). One that is not whole fails to be read to its end.</summary>
internal static class BodyEncoding
{
    private const string Accepted = "gzip, br, zstd";

    // RFC 9659 §3: what a sender may ask a receiver of zstd to keep in memory, 8 MiB as a power of two.
    private const int ZstdWindowLog = 23;

    /// <summary>Gives the unpacked body. Dispose of it; <paramref name="body"/> stays its owner's.</summary>
    /// <exception cref="FailureException">The coding is not one that is taken.</exception>
    public static Stream Open(Stream body, string? contentEncoding) => (contentEncoding ?? "").Trim().ToUpperInvariant() switch
    {
        "" or "IDENTITY" => body,
        "GZIP" or "X-GZIP" => new GzipBodyStream(body),
        "BR" => new BrotliBodyStream(body),
        "ZSTD" => OpenZstd(body),
        _ => throw new FailureException(
            new Failure(ProblemKinds.UnsupportedEncoding, ProblemKinds.UnsupportedEncoding.Meaning) { Accepts = Accepted }),
    };

    /// <summary>Whether a failure of reading means that the body is not what its coding says.</summary>
    public static bool IsBroken(Exception fault) => fault is InvalidDataException or EndOfStreamException or ZstdException;

    private static DecompressionStream OpenZstd(Stream body)
    {
        var stream = new DecompressionStream(body);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return stream;
    }
}
