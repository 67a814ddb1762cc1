using System.Buffers;
using System.IO.Compression;

namespace LogApi.Web.Bulk;

/// <summary>
/// Unpacks Brotli (RFC 7932). The framework's own stream takes a body that was cut off for one that has ended. The stream stays
/// its owner's.
/// </summary>
internal sealed class BrotliBodyStream(Stream body) : ReadOnlyStream
{
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _packed = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private BrotliDecoder _decoder;
    private Memory<byte> _unread;
    private bool _isOver;
    private bool _isDisposed;

    /// <exception cref="InvalidDataException">The body is no Brotli, or goes on after its end.</exception>
    /// <exception cref="EndOfStreamException">The body ends before its end.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_isOver)
        {
            var status = _decoder.Decompress(_unread.Span, buffer.Span, out var consumed, out var written);
            _unread = _unread[consumed..];
            if (status == OperationStatus.InvalidData) throw new InvalidDataException("The body is not Brotli.");
            if (status == OperationStatus.Done) _isOver = true;
            if (written > 0) return written;
            if (!_isOver && !await FillAsync(cancellationToken)) throw new EndOfStreamException("The body ends too early.");
        }

        return _unread.IsEmpty && !await FillAsync(cancellationToken)
            ? 0
            : throw new InvalidDataException("The body goes on after its end.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _decoder.Dispose();
            ArrayPool<byte>.Shared.Return(_packed);
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        var read = await body.ReadAsync(_packed, cancellationToken);
        _unread = _packed.AsMemory(0, read);
        return read > 0;
    }
}
