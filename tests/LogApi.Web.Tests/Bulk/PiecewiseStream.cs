namespace LogApi.Web.Tests.Bulk;

/// <summary>Gives its bytes in pieces of given lengths, again and again, as a network may.</summary>
internal sealed class PiecewiseStream(byte[] bytes, IReadOnlyList<int> pieces) : MemoryStream(bytes)
{
    private int _next;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = Math.Min(buffer.Length, pieces[_next++ % pieces.Count]);
        return base.ReadAsync(buffer[..length], cancellationToken);
    }
}
