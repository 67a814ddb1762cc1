using System.Diagnostics;
using System.Text;
using LogApi.Benchmarks.Clients;

namespace LogApi.Benchmarks.Load;

/// <summary>
/// A closed loop on one thread: every connection sends its next request when the last one is answered. Runs as a process of
/// its own, so that nothing of it is counted as the server's or disturbed by the program that compares.
/// </summary>
internal sealed class LoadGenerator(int port, int connections, TimeSpan warmUp, TimeSpan duration, byte[][] requests) : IDisposable
{
    private const int Success = 200;
    private const int BufferSize = 16 * 1024;
    private const int SilenceMilliseconds = 10_000;

    private readonly Epoll _epoll = new();
    private readonly ClientSocket[] _sockets = new ClientSocket[connections];
    private readonly long[] _sentAt = new long[connections];
    private readonly Samples _latencies = new();
    private int _nextRequest;
    private long _acknowledged;
    private long _refused;
    private long _measuredFrom;
    private long _measuredUntil;

    public static Task<int> RunAsync(CommandLine arguments)
    {
        var path = arguments.Text("path", "");
        var requests = path.Length > 0
            ? [Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
            : EntryRequests.Build("PUT", "/api/v1/logs", arguments.Text("token", ""));
        using var generator = new LoadGenerator(
            arguments.Number("port", 0),
            arguments.Number("connections", 32),
            TimeSpan.FromSeconds(arguments.Number("warmup", 2)),
            TimeSpan.FromSeconds(arguments.Number("seconds", 5)),
            requests);
        Console.Out.WriteLine(generator.Run().ToLine());
        return Task.FromResult(0);
    }

    /// <exception cref="IOException">A connection broke, or no answer came for 10 s.</exception>
    public LoadResult Run()
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i] = new ClientSocket(port, BufferSize);
            _sockets[i].Watch(_epoll, i);
        }

        _measuredFrom = Stopwatch.GetTimestamp() + Ticks(warmUp);
        _measuredUntil = _measuredFrom + Ticks(duration);
        for (var i = 0; i < _sockets.Length; i++) Send(i);
        for (var open = _sockets.Length; open > 0;)
        {
            var ready = _epoll.Wait(SilenceMilliseconds);
            if (ready.IsEmpty) throw new IOException($"No answer for {SilenceMilliseconds} ms with {open} requests open.");
            foreach (var index in ready)
            {
                if (!Receive(index)) open--;
            }
        }

        return new LoadResult(
            _latencies.Count / duration.TotalSeconds,
            _latencies.Percentile(0.50),
            _latencies.Percentile(0.99),
            _acknowledged,
            _refused,
            Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket?.Dispose();
        _epoll.Dispose();
    }

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);

    private void Send(int index)
    {
        var request = requests[_nextRequest++ % requests.Length];
        _sentAt[index] = Stopwatch.GetTimestamp();
        _sockets[index].Send(request);
    }

    /// <summary>Takes what came in; false when the connection has sent its last request and has its answer.</summary>
    private bool Receive(int index)
    {
        var socket = _sockets[index];
        socket.Receive();
        if (!ResponseFrame.TryRead(socket.Received, out var response)) return true;
        socket.Use(response.Length);
        var now = Stopwatch.GetTimestamp();
        if (response.Status == Success)
        {
            _acknowledged++;
            if (now >= _measuredFrom && now < _measuredUntil) _latencies.Add(now - _sentAt[index]);
        }
        else
        {
            _refused++;
        }

        if (now >= _measuredUntil) return false;
        Send(index);
        return true;
    }
}
