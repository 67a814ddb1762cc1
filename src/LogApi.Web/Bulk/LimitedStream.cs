using LogApi.Web.Errors;

namespace LogApi.Web.Bulk;

/// <summary>A body as it was sent, up to a number of bytes. The stream stays its owner's.</summary>
internal sealed class LimitedStream(Stream body, long maxBytes, Func<Failure> tooLarge) : ReadOnlyStream
{
    private long _left = maxBytes;

    /// <exception cref="FailureException">There are more bytes than may be.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        _left -= read;
        return _left >= 0 ? read : throw new FailureException(tooLarge());
    }
}
