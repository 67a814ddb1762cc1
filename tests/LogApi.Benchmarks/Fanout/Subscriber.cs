using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using LogApi.Benchmarks.Clients;

namespace LogApi.Benchmarks.Fanout;

/// <summary>One client of a live stream, which counts what arrives and holds the entries' numbers against each other.</summary>
internal sealed class Subscriber : IDisposable
{
    private const int BufferSize = 128 * 1024;

    // The time of one message in so many is looked at, another one for each client.
    private const int SampleEvery = 16;

    private readonly ClientSocket _socket;
    private readonly int _index;
    private readonly bool _isEvents;

    private Subscriber(ClientSocket socket, int index, bool isEvents) => (_socket, _index, _isEvents) = (socket, index, isEvents);

    /// <summary>How many entries have arrived.</summary>
    public long Count { get; private set; }

    /// <summary>The lowest number that arrived.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>The highest number that arrived; -1 before any.</summary>
    public long Last { get; private set; } = -1;

    /// <summary>How many entries did not carry the number after the one before.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>How many messages of other kinds have arrived.</summary>
    public long Others { get; private set; }

    /// <summary>Connects and joins a stream.</summary>
    /// <exception cref="IOException">The server does not let it.</exception>
    public static Subscriber Connect(int port, LiveKind kind, int index, int bufferSize = BufferSize)
    {
        // Of version 1.0, the answer's body comes as it is, without chunks.
        var request = kind.IsEvents
            ? $"GET {kind.Path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
            : $"GET {kind.Path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        var socket = new ClientSocket(port, bufferSize);
        socket.Send(Encoding.ASCII.GetBytes(request));
        int headEnd;
        while ((headEnd = socket.Received.IndexOf("\r\n\r\n"u8)) < 0) socket.Receive();
        if (!socket.Received.StartsWith(kind.IsEvents ? "HTTP/1.1 200 "u8 : "HTTP/1.1 101 "u8))
            throw new IOException("It is not let in: " + Encoding.UTF8.GetString(socket.Received));
        socket.Use(headEnd + 4);
        return new Subscriber(socket, index, kind.IsEvents);
    }

    public void Watch(Epoll epoll) => _socket.Watch(epoll, _index);

    /// <summary>Takes in what has come and gives how many entries that were.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public int Receive(Samples latencies)
    {
        _socket.Receive();
        var before = Count;
        var now = Stopwatch.GetTimestamp();
        if (_isEvents)
        {
            for (int end; (end = _socket.Received.IndexOf("\n\n"u8)) >= 0; _socket.Use(end + 2)) Take(_socket.Received[..end], now, latencies);
            return (int)(Count - before);
        }

        while (WebSocketFrame.TryRead(_socket.Received, out var frame))
        {
            var payload = _socket.Received[frame.PayloadStart..frame.Length];
            if (frame.Opcode == WebSocketFrame.Text) Take(payload, now, latencies);
            else if (frame.Opcode == WebSocketFrame.Ping) _socket.Send(WebSocketFrame.Mask(WebSocketFrame.Pong, payload));
            else if (frame.Opcode == WebSocketFrame.Close) throw Closed(payload);
            _socket.Use(frame.Length);
        }

        return (int)(Count - before);
    }

    public void Dispose() => _socket.Dispose();

    private static IOException Closed(ReadOnlySpan<byte> payload) => new(payload.Length < 2
        ? "The server closed a stream."
        : $"The server closed a stream: {BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload[2..])}");

    private void Take(ReadOnlySpan<byte> message, long now, Samples latencies)
    {
        var entries = Count;
        while (LiveMessage.TryCutEntry(ref message, out var entry)) TakeEntry(entry, now, latencies);
        if (entries == Count) Others++;
    }

    private void TakeEntry(ReadOnlySpan<byte> message, long now, Samples latencies)
    {
        if (!LiveMessage.TryReadNumber(message, LiveMessage.SequenceMarker, out var sequence)) return;
        if (Count++ > 0 && sequence != Last + 1) OutOfOrder++;
        First = Math.Min(First, sequence);
        Last = Math.Max(Last, sequence);
        if ((sequence + _index) % SampleEvery == 0
            && LiveMessage.TryReadNumber(message, LiveMessage.SentAtMarker, out var sentAt))
        {
            latencies.Add(now - sentAt);
        }
    }
}
