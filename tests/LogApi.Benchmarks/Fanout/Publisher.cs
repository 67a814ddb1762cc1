using System.Diagnostics;
using LogApi.Benchmarks.Clients;

namespace LogApi.Benchmarks.Fanout;

/// <summary>The connections that write: each has one request open at the most.</summary>
internal sealed class Publisher : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly StampedRequest _request;
    private readonly ClientSocket[] _sockets;
    private readonly Stack<int> _idle = new();
    private readonly int _firstIndex;
    private long _sent;

    /// <param name="options">Where and how much to write.</param>
    /// <param name="epoll">Watches the connections.</param>
    /// <param name="firstIndex">The index there of the first connection; the others follow.</param>
    public Publisher(FanoutOptions options, Epoll epoll, int firstIndex)
    {
        _request = options.BrokerPath.Length == 0
            ? StampedRequest.ForService(options.Token, options.Batch)
            : StampedRequest.ForBroker(options.BrokerPath);
        _firstIndex = firstIndex;
        _sockets = new ClientSocket[options.Writers];
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i] = new ClientSocket(options.Port, BufferSize);
            _sockets[i].Watch(epoll, firstIndex + i);
            _idle.Push(i);
        }
    }

    /// <summary>How many entries were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>How many entries one request writes.</summary>
    public int EntriesAtOnce => _request.Entries;

    /// <summary>Whether a connection is free to write.</summary>
    public bool CanSend => _idle.Count > 0;

    /// <summary>Whether every request is answered.</summary>
    public bool IsDone => _idle.Count == _sockets.Length;

    /// <summary>Sends a request on a free connection.</summary>
    public void Send()
    {
        _sockets[_idle.Pop()].Send(_request.Stamp(Stopwatch.GetTimestamp(), _sent));
        _sent++;
    }

    /// <summary>Takes in the answer on a connection.</summary>
    /// <exception cref="IOException">The entry was refused.</exception>
    public void Receive(int index)
    {
        var socket = _sockets[index - _firstIndex];
        socket.Receive();
        if (!ResponseFrame.TryRead(socket.Received, out var response)) return;
        if (response.Status is < 200 or > 299) throw new IOException($"An entry was refused: status {response.Status}.");
        socket.Use(response.Length);
        Acknowledged += _request.Entries;
        _idle.Push(index - _firstIndex);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }
}
