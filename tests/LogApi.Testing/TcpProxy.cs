using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LogApi.Testing;

/// <summary>Stands between a client and a server on 127.0.0.1 and breaks what passes, as networks do.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly int _targetPort;
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly Lock _gate = new();
    private TcpListener? _listener;
    private long _droppedReplyBytes;
    private long _droppedRequestBytes;
    private long _droppedPushes;

    /// <summary>Starts to forward from a free port.</summary>
    /// <param name="targetPort">The server's port.</param>
    public TcpProxy(int targetPort)
    {
        _targetPort = targetPort;
        Listen();
    }

    /// <summary>The port that clients connect to.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Host and port that clients connect to.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Whether requests pass but the server's replies get lost.</summary>
    public bool DropReplies { get; set; }

    /// <summary>Whether requests get lost on their way.</summary>
    public bool DropRequests { get; set; }

    /// <summary>Whether published messages get lost that Redis sends its subscribers, and nothing else.</summary>
    public bool DropPushes { get; set; }

    /// <summary>How long each piece of a reply is held up.</summary>
    public TimeSpan ReplyDelay { get; set; }

    /// <summary>How many bytes of replies got lost: more than before means that the server has acted.</summary>
    public long DroppedReplyBytes => Interlocked.Read(ref _droppedReplyBytes);

    /// <summary>How many bytes of requests got lost.</summary>
    public long DroppedRequestBytes => Interlocked.Read(ref _droppedRequestBytes);

    /// <summary>How many published messages got lost.</summary>
    public long DroppedPushes => Interlocked.Read(ref _droppedPushes);

    /// <summary>How many connections pass through it now.</summary>
    public int Connections => _links.Count;

    /// <summary>Cuts every connection; new ones are taken.</summary>
    public void CutConnections()
    {
        foreach (var link in _links.Keys) link.Dispose();
    }

    /// <summary>Refuses new connections; those there are go on.</summary>
    public void RefuseConnections()
    {
        lock (_gate)
        {
            _listener?.Stop();
            _listener = null;
        }
    }

    /// <summary>Takes new connections again.</summary>
    public void AcceptConnections()
    {
        lock (_gate)
        {
            if (_listener is null) Listen();
        }
    }

    /// <summary>Refuses new connections and cuts those there are.</summary>
    public void GoDown()
    {
        RefuseConnections();
        CutConnections();
    }

    public ValueTask DisposeAsync()
    {
        GoDown();
        return ValueTask.CompletedTask;
    }

    private void Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var link = new Link(client);
        _links[link] = true;
        try
        {
            await link.Server.ConnectAsync(IPAddress.Loopback, _targetPort);
            var requests = PumpAsync(client, link.Server, isReply: false);
            var replies = PumpAsync(link.Server, client, isReply: true);
            await await Task.WhenAny(requests, replies);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException)
        {
            // A broken connection is what a proxy of this kind is for: the other side sees the end of it below.
        }
        finally
        {
            _links.TryRemove(link, out _);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isReply)
    {
        var source = from.GetStream();
        var sink = to.GetStream();
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await source.ReadAsync(buffer)) > 0)
        {
            if (isReply && DropReplies)
            {
                Interlocked.Add(ref _droppedReplyBytes, length);
                continue;
            }

            if (!isReply && DropRequests)
            {
                Interlocked.Add(ref _droppedRequestBytes, length);
                continue;
            }

            if (isReply && ReplyDelay > TimeSpan.Zero) await Task.Delay(ReplyDelay);
            var kept = 0;
            if (isReply && DropPushes)
            {
                kept = PublishedMessages.Measure(buffer.AsSpan(0, length), out var count);
                Interlocked.Add(ref _droppedPushes, count);
            }

            await sink.WriteAsync(buffer.AsMemory(kept, length - kept));
        }
    }

    private sealed class Link(TcpClient client) : IDisposable
    {
        public TcpClient Server { get; } = new() { NoDelay = true };

        public void Dispose()
        {
            client.Dispose();
            Server.Dispose();
        }
    }
}
