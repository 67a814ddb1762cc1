using System.IO.Compression;
using System.Security.Cryptography;

namespace LogApi.Web.Bulk;

/// <summary>
/// Unpacks gzip (RFC 1952). The framework's own stream takes a body that was cut off for one that has ended; here a member of
/// known content follows the body, and comes out as that only when the member before it is whole. The stream stays its owner's.
/// </summary>
internal sealed class GzipBodyStream : ReadOnlyStream
{
    private static readonly byte[] Marker = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] MarkerMember = Pack(Marker);

    private readonly JoinedStream _packed;
    private readonly GZipStream _unpacked;
    private int _markerBytes;

    public GzipBodyStream(Stream body)
    {
        _packed = new JoinedStream(body, MarkerMember);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The body is no gzip.</exception>
    /// <exception cref="EndOfStreamException">The body ends before its end, or goes on after it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await _unpacked.ReadAsync(buffer, cancellationToken);

            // What was packed comes out before more is asked for, so from here on it is the marker, or what a torn body makes of it.
            if (!_packed.IsFirstOver && read > 0) return read;
            if (read == 0 && _packed.IsFirstOver && _markerBytes == Marker.Length) return 0;
            if (read == 0 || !Marker.AsSpan(_markerBytes).StartsWith(buffer.Span[..read]))
                throw new EndOfStreamException("The body does not end where it should.");
            _markerBytes += read;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true)) gzip.Write(content);
        return packed.ToArray();
    }
}
