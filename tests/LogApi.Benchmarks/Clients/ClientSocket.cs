using System.Net;
using System.Net.Sockets;

namespace LogApi.Benchmarks.Clients;

/// <summary>A connection that never blocks once it is open, with the bytes it has received and not yet used.</summary>
internal sealed class ClientSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer;
    private int _start;
    private int _end;

    public ClientSocket(int port, int bufferSize)
    {
        _buffer = new byte[bufferSize];
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>What was received and not used.</summary>
    public ReadOnlySpan<byte> Received => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Stops blocking: from here on the socket is read when <paramref name="epoll"/> gives its index.</summary>
    public void Watch(Epoll epoll, int index)
    {
        _socket.Blocking = false;
        epoll.Add(_socket, index);
    }

    /// <summary>Takes bytes off the front of <see cref="Received"/>.</summary>
    public void Use(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Receives what is there.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public void Receive()
    {
        MakeRoom();
        var count = _socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return;
        if (error != SocketError.Success || count == 0) throw new IOException($"The server closed a connection ({error}).");
        _end += count;
    }

    /// <summary>Sends it all.</summary>
    /// <exception cref="IOException">It was not taken whole, which a server that reads its requests never causes.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        var count = _socket.Send(bytes, SocketFlags.None, out var error);
        if (error != SocketError.Success || count != bytes.Length) throw new IOException($"A request was not taken whole ({error}).");
    }

    public void Dispose() => _socket.Dispose();

    private void MakeRoom()
    {
        if (_end < _buffer.Length) return;
        if (_start == 0) Array.Resize(ref _buffer, _buffer.Length * 2);
        Received.CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}
