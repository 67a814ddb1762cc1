using System.Net;
using System.Net.Sockets;
using LogApi.Testing;

namespace LogApi.Benchmarks.Processes;

/// <summary>Waits for a server that has no readiness endpoint.</summary>
internal static class PortProbe
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Returns once somebody listens on a port of 127.0.0.1.</summary>
    /// <exception cref="TimeoutException">Nobody does, after a minute.</exception>
    public static Task WaitAsync(int port) => Eventually.BecomesTrueAsync(
        async () =>
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        Bound,
        $"a server listens on port {port}");
}
