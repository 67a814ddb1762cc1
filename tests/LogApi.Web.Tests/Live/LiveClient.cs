using System.Net.WebSockets;
using System.Text.Json;

namespace LogApi.Web.Tests.Live;

/// <summary>A client of a live endpoint, through the framework's WebSocket.</summary>
internal sealed class LiveClient(WebSocket socket) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[64 * 1024];

    public WebSocket Socket => socket;

    /// <summary>How many pieces the last message came in.</summary>
    public int Pieces { get; private set; }

    /// <summary>Gives the next message, or nothing when the server has closed.</summary>
    public async Task<JsonElement?> TryReceiveAsync()
    {
        using var message = new MemoryStream();
        using var bound = new CancellationTokenSource(Patience);
        Pieces = 0;
        while (true)
        {
            var result = await socket.ReceiveAsync(_buffer.AsMemory(), bound.Token);
            if (result.MessageType == WebSocketMessageType.Close) return null;
            Pieces++;
            message.Write(_buffer, 0, result.Count);
            if (result.EndOfMessage) return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }

    public async Task<JsonElement> ReceiveAsync() =>
        await TryReceiveAsync() ?? throw new AssertionException($"closed: {socket.CloseStatus} {socket.CloseStatusDescription}");

    /// <summary>Gives the next message that is an entry, and its number.</summary>
    public async Task<long> ReceiveSeqAsync()
    {
        var message = await ReceiveAsync();
        Assert.That(message.GetProperty("type").GetString(), Is.EqualTo("log"), message.ToString());
        return message.GetProperty("seq").GetInt64();
    }

    /// <summary>Gives the numbers of the next so many entries.</summary>
    public async Task<List<long>> ReceiveSeqsAsync(int count)
    {
        var seqs = new List<long>();
        while (seqs.Count < count) seqs.Add(await ReceiveSeqAsync());
        return seqs;
    }

    public async Task<(int Code, string? Reason)> ReceiveCloseAsync()
    {
        while (await TryReceiveAsync() is not null)
        {
        }

        return ((int)socket.CloseStatus!, socket.CloseStatusDescription);
    }

    public void Dispose() => socket.Dispose();
}
