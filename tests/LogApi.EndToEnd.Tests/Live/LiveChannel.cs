using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>How the server ended a stream.</summary>
/// <param name="Epoch">The numbering of the position that it named; null when it named none.</param>
/// <param name="Seq">That position.</param>
/// <param name="Retry">When to come again.</param>
internal sealed record LiveClose(string? Epoch, long Seq, TimeSpan Retry);

/// <summary>One connection of a client of a live stream.</summary>
internal abstract partial class LiveChannel : IDisposable
{
    // With the kernel's own share of it, room for a few messages.
    private const int SmallReceiveBuffer = 4096;

    private readonly SocketsHttpHandler _handler;

    protected LiveChannel(bool isSmall)
    {
        _handler = new SocketsHttpHandler { UseProxy = false };
        if (isSmall) _handler.ConnectCallback = ConnectSmallAsync;
    }

    /// <summary>The id of the last event; none outside an event stream.</summary>
    public string? EventId { get; protected set; }

    /// <summary>How the server ended it; null when it just broke off.</summary>
    public LiveClose? Close { get; protected set; }

    protected HttpMessageHandler Handler => _handler;

    /// <summary>Connects.</summary>
    /// <exception cref="HttpRequestException">There is no server, or it refuses.</exception>
    /// <exception cref="WebSocketException">Likewise.</exception>
    public static async Task<LiveChannel> ConnectAsync(FollowerPlan plan, Uri server, string query, string? lastEventId, CancellationToken cancellationToken)
    {
        LiveChannel channel = plan.Kind == StreamKind.Events ? new EventChannel(plan.IsSlow, lastEventId) : new SocketChannel(plan.IsSlow);
        try
        {
            var path = plan.Kind switch { StreamKind.Logs => "/ws/logs", StreamKind.Stream => "/ws/stream", _ => "/api/v1/logs/stream" };
            await channel.ConnectAsync(new Uri(server, $"{path}?{query}"), cancellationToken);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Gives the next message, which is good until the next call; null when there are no more.</summary>
    public abstract Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken);

    public virtual void Dispose() => _handler.Dispose();

    protected abstract Task ConnectAsync(Uri address, CancellationToken cancellationToken);

    /// <summary>Reads what the server says when it closes.</summary>
    protected static LiveClose? ReadClose(string? reason)
    {
        var said = Reason().Match(reason ?? "");
        if (!said.Success) return null;
        var seq = long.Parse(said.Groups["seq"].Value, CultureInfo.InvariantCulture);
        return new LiveClose(
            said.Groups["epoch"].Value, seq, TimeSpan.FromMilliseconds(int.Parse(said.Groups["retry"].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex("after=(?<epoch>[0-9a-z.]+)-(?<seq>-?[0-9]+); retry_ms=(?<retry>[0-9]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Reason();

    private static async ValueTask<Stream> ConnectSmallAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // Before it connects: the window is agreed on then.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallReceiveBuffer };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class SocketChannel(bool isSmall) : LiveChannel(isSmall)
    {
        private readonly ClientWebSocket _socket = new();
        private byte[] _buffer = new byte[16 * 1024];

        public override async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
        {
            var used = 0;
            while (true)
            {
                if (used == _buffer.Length) Array.Resize(ref _buffer, 2 * used);
                var received = await _socket.ReceiveAsync(_buffer.AsMemory(used), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    Close = ReadClose(_socket.CloseStatusDescription);
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);
                    return null;
                }

                used += received.Count;
                if (received.EndOfMessage) return _buffer.AsMemory(0, used);
            }
        }

        public override void Dispose()
        {
            _socket.Abort();
            _socket.Dispose();
            base.Dispose();
        }

        protected override async Task ConnectAsync(Uri address, CancellationToken cancellationToken)
        {
            using var invoker = new HttpMessageInvoker(Handler, disposeHandler: false);
            await _socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, invoker, cancellationToken);
        }
    }

    private sealed class EventChannel(bool isSmall, string? lastEventId) : LiveChannel(isSmall)
    {
        private HttpResponseMessage? _response;
        private StreamReader? _lines;

        public override async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
        {
            var (data, name) = ("", "");
            while (await _lines!.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) EventId = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line[6..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                if (line.Length > 0 || data.Length == 0) continue;
                if (name.Length == 0) return Encoding.UTF8.GetBytes(data);
                using var close = System.Text.Json.JsonDocument.Parse(data);
                var root = close.RootElement;
                Close = ReadClose($"after={root.GetProperty("after").GetString()}; retry_ms={root.GetProperty("retry_ms").GetInt32()}");
                return null;
            }

            return null;
        }

        public override void Dispose()
        {
            _lines?.Dispose();
            _response?.Dispose();
            base.Dispose();
        }

        protected override async Task ConnectAsync(Uri address, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
            using var invoker = new HttpMessageInvoker(Handler, disposeHandler: false);
            _response = await invoker.SendAsync(request, cancellationToken);
            _response.EnsureSuccessStatusCode();
            _lines = new StreamReader(await _response.Content.ReadAsStreamAsync(cancellationToken));
        }
    }
}
