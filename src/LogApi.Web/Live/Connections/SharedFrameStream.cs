using System.Runtime.CompilerServices;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// The stream below one client's WebSocket. The framework's WebSocket reads from it and writes its control frames to it; the
/// service writes its shared, ready-made frames to it past the WebSocket. Each write is whole frames and has its turn, so the
/// two never mix inside a frame, and nothing goes out behind a close frame.
/// </summary>
/// <param name="inner">The server's stream of an upgraded connection.</param>
internal sealed class SharedFrameStream(Stream inner) : Stream
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _isShut;
    private int _reads;

    /// <summary>
    /// How often the next bytes of the client were waited for. It is another number after the client was heard, as long as someone
    /// always waits for more.
    /// </summary>
    public int Reads => Volatile.Read(ref _reads);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes whole frames in their turn; drops them behind a close frame, and once the stream is shut.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteFramesAsync(ReadOnlyMemory<byte> frames)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_isShut) return;
            _isShut = frames.Span[0] == (WebSocketFrame.Final | WebSocketFrame.Close);

            // Never with a token: cancelling a pending write aborts the connection.
            await inner.WriteAsync(frames, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a close frame, unless one was sent before.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="patience">How long to wait for a write that is under way, before the frame is put right behind it.</param>
    public async Task SendCloseAsync(ReadOnlyMemory<byte> frame, TimeSpan patience)
    {
        if (await _turn.WaitAsync(patience))
        {
            _turn.Release();
            await WriteFramesAsync(frame);
            return;
        }

        // The server has taken all bytes of the pending write before it waits for the client, so these come after them.
        if (_isShut) return;
        _isShut = true;
        await inner.WriteAsync(frame, CancellationToken.None);
    }

    /// <summary>
    /// Sees to it that nothing more is written, once what is being written has ended: the server may use the stream below for
    /// another request.
    /// </summary>
    public async ValueTask ShutAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        _isShut = true;
        _turn.Release();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return inner.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        WriteFramesAsync(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteFramesAsync(buffer.AsMemory(offset, count)).AsTask();

    // The server sends every write on at once; a flush would only wait for the turn of a write that is under way.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
