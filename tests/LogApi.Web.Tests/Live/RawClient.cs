using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogApi.Web.Tests.Live;

/// <summary>A client that speaks just enough to get a socket, and then reads only when it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly List<byte> _received = [];

    private RawClient(Socket socket) => _socket = socket;

    public static async Task<RawClient> ConnectAsync(IPEndPoint server, string pathAndQuery)
    {
        // A small receive buffer, so that the kernel takes little on behalf of a client that does not read.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(server);
        var client = new RawClient(socket);
        await client.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {pathAndQuery} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));

        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await socket.ReceiveAsync(one).WaitAsync(LiveClient.Patience) == 0) break;
            head.Append((char)one[0]);
        }

        Assert.That(head.ToString(), Does.StartWith("HTTP/1.1 101"));

        // RFC 6455, section 1.3: the answer to this very key.
        Assert.That(head.ToString(), Does.Contain("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        return client;
    }

    public Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes);

    /// <summary>Reads until the server ends the connection, and gives every frame; a cut connection is told apart from an end.</summary>
    public async Task<(List<ReceivedFrame> Frames, bool Cut)> ReadToEndAsync()
    {
        var cut = false;
        try
        {
            while (await ReadSomeAsync() > 0)
            {
            }
        }
        catch (SocketException)
        {
            cut = true;
        }

        return (TakeFrames(), cut);
    }

    /// <summary>Reads until a frame comes that is asked for, and gives all frames up to it.</summary>
    public async Task<List<ReceivedFrame>> ReadUntilAsync(Func<ReceivedFrame, bool> isLast)
    {
        var frames = new List<ReceivedFrame>();
        while (true)
        {
            while (TryTakeFrame(out var frame))
            {
                frames.Add(frame!);
                if (isLast(frame!)) return frames;
            }

            if (await ReadSomeAsync() == 0) throw new AssertionException("the connection ended early");
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReadSomeAsync()
    {
        var buffer = new byte[64 * 1024];
        var count = await _socket.ReceiveAsync(buffer).WaitAsync(LiveClient.Patience);
        _received.AddRange(buffer.AsSpan(0, count));
        return count;
    }

    private bool TryTakeFrame(out ReceivedFrame? frame)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
        if (!ReceivedFrame.TryParse(bytes, out frame, out var length)) return false;
        _received.RemoveRange(0, length);
        return true;
    }

    private List<ReceivedFrame> TakeFrames()
    {
        var frames = new List<ReceivedFrame>();
        while (TryTakeFrame(out var frame)) frames.Add(frame!);
        return frames;
    }
}
