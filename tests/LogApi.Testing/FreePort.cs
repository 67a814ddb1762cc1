using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LogApi.Testing;

/// <summary>Finds TCP ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    // Tests of one process run in parallel: the system may offer a port again before its first taker has bound it.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Gives a port that is free now and that this process was not given before.</summary>
    public static int Next()
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            if (Given.TryAdd(port, true)) return port;
        }
    }
}
