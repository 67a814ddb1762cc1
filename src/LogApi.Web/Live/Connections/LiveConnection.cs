using System.Net.WebSockets;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// One WebSocket client: a loop that sends and a loop that receives. At its end the close handshake has a bounded time before the
/// connection is cut.
/// </summary>
internal sealed class LiveConnection : ClientConnection, IKeptAlive
{
    private readonly WebSocket _socket;
    private readonly SharedFrameStream _stream;
    private readonly Action _abort;
    private readonly CancellationToken _stopping;
    private readonly KeepAlive _keepAlive;
    private Task _receiving = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;

    /// <param name="live">What is shared with other connections.</param>
    /// <param name="socket">The accepted socket.</param>
    /// <param name="stream">The stream below it.</param>
    /// <param name="abort">Cuts the connection.</param>
    /// <param name="join">What the client wants, and where it begins.</param>
    /// <param name="stopping">Cancelled when the process stops.</param>
    public LiveConnection(
        LiveServices live, WebSocket socket, SharedFrameStream stream, Action abort, LiveJoin join, CancellationToken stopping)
        : base(live, stream, join)
    {
        (_socket, _stream, _abort, _stopping) = (socket, stream, abort, stopping);
        _keepAlive = new KeepAlive(live.Options, live.Time);
    }

    /// <inheritdoc/>
    public void KeepAlive()
    {
        switch (_keepAlive.Next(_stream.Reads, isWriting: !_pinging.IsCompleted))
        {
            case KeepAliveStep.Ping:
                _pinging = PingAsync();
                break;
            case KeepAliveStep.GiveUp:
                End(Ending.Silent);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Watch()
    {
        _receiving = ReceiveAsync();
        Live.KeepAlive.Add(this);
    }

    /// <inheritdoc/>
    protected override async ValueTask UnwatchAsync()
    {
        Live.KeepAlive.Remove(this);
        await _stream.ShutAsync();
    }

    /// <inheritdoc/>
    protected override async Task CloseAsync(Ending ending, Task sending)
    {
        if (ending.HasNobody)
        {
            _abort();
            await _receiving;
            return;
        }

        var closing = SendCloseAsync(ending, sending);
        var closed = Task.WhenAll(sending, _receiving, closing);

        // A client that stalls may yet read on and find the close behind what it did not take; others get it in turn. The stop
        // of the process does not wait for it any longer than for others.
        if (ending.IsStalled)
            await closed.WaitAsync(Live.Options.Stall, Live.Time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ending.IsStalled || _stopping.IsCancellationRequested)
        {
            await closed.WaitAsync(Live.Options.Close, Live.Time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (closed.IsCompleted) return;
        Live.Log.ClientCut();
        _abort();
        await closing;
        await _receiving;
    }

    private async Task SendCloseAsync(Ending ending, Task sending)
    {
        // Once nothing more is sent, the place that the reason names is exact; before, it is no later than where the client is.
        var patience = ending.IsStalled ? TimeSpan.Zero : Live.Options.Close / 2;
        await sending.WaitAsync(patience, Live.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _stream.SendCloseAsync(WebSocketFrame.OfClose(ending.Code, ending.ReasonAt(HasBegun ? Cursor : null)), patience);
        }
        catch (Exception fault) when (Ending.IsLoss(fault))
        {
            // The client left first: nobody is there to read the close.
        }
    }

    private async Task PingAsync()
    {
        try
        {
            await _stream.WriteFramesAsync(WebSocketFrame.OfPing);
        }
        catch (Exception fault) when (Ending.IsLoss(fault))
        {
            // Whoever reads from the client learns of it too.
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var code = await ClientReader.RunAsync(_socket, Live.Options.InboundBytes, () => End(Ending.TooBig(Live.Options.InboundBytes)));
            End(Ending.ByClient(code));
        }
        catch (Exception fault)
        {
            End(EndingOf(fault));
        }
    }
}
