using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>Stands before a server as a proxy does that knows nothing of WebSockets: requests pass, upgrades are refused.</summary>
internal sealed class UpgradeBlocker : IAsyncDisposable
{
    private static readonly byte[] Refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly int _targetPort;
    private readonly int _port = FreePort.Next();
    private int _refused;

    public UpgradeBlocker(int targetPort)
    {
        _targetPort = targetPort;
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where a browser finds the server through it.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>How many upgrades it has refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        try
        {
            using (client)
            {
                // A browser opens a connection of its own for an upgrade, so the first bytes tell what it is for.
                var head = new byte[16 * 1024];
                var length = await client.GetStream().ReadAsync(head, _stop.Token);
                if (Encoding.ASCII.GetString(head, 0, length).Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
                {
                    Interlocked.Increment(ref _refused);
                    await client.GetStream().WriteAsync(Refusal, _stop.Token);
                    return;
                }

                await server.ConnectAsync(IPAddress.Loopback, _targetPort, _stop.Token);
                await server.GetStream().WriteAsync(head.AsMemory(0, length), _stop.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _stop.Token),
                    server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Either side has hung up.
        }
    }
}
