namespace LogApi.Web.Bulk;

/// <summary>A stream and then some more bytes. The stream stays its owner's.</summary>
internal sealed class JoinedStream(Stream first, ReadOnlyMemory<byte> second) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest = second;

    /// <summary>Whether the first stream was read to its end.</summary>
    public bool IsFirstOver { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsFirstOver)
        {
            var read = await first.ReadAsync(buffer, cancellationToken);
            if (read > 0) return read;
            IsFirstOver = true;
        }

        var length = Math.Min(buffer.Length, _rest.Length);
        _rest[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }
}
