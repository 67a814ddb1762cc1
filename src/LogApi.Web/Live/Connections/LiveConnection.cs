using System.Net.WebSockets;
using LogApi.Application.Ports;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Http;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// One client: a loop that sends and a loop that receives. Whichever ends first, or the stop of the process, decides how the
/// connection ends; then the close handshake has a bounded time before the connection is cut.
/// </summary>
internal sealed class LiveConnection
{
    private readonly LiveServices _live;
    private readonly WebSocket _socket;
    private readonly SharedFrameStream _stream;
    private readonly Action _abort;
    private readonly LiveSender _sender;
    private readonly AsyncSignal _wake = new();
    private readonly TaskCompletionSource<Ending> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="live">What is shared with other connections.</param>
    /// <param name="socket">The accepted socket.</param>
    /// <param name="stream">The stream below it.</param>
    /// <param name="abort">Cuts the connection.</param>
    /// <param name="request">What the client wants.</param>
    /// <param name="cursor">Where its live entries start.</param>
    public LiveConnection(
        LiveServices live, WebSocket socket, SharedFrameStream stream, Action abort, LiveRequest request, LiveCursor cursor)
    {
        (_live, _socket, _stream, _abort) = (live, socket, stream, abort);
        var writer = new ClientWriter(stream, live.Options, live.Time);
        _sender = new LiveSender(live, writer, request, cursor, _wake);
    }

    /// <summary>Serves the client until the connection has ended.</summary>
    /// <param name="history">The page its history message is made of; none for live entries only.</param>
    /// <param name="stopping">Cancelled when the process stops.</param>
    public async Task RunAsync(LogPage? history, CancellationToken stopping)
    {
        _live.Log.ClientJoined(_sender.Next);
        _live.Pulse.Add(_wake);
        using var stop = new CancellationTokenSource();
        await using var stopped = stopping.UnsafeRegister(
            static connection => ((LiveConnection)connection!)._ending.TrySetResult(Ending.GoingAway), this);
        try
        {
            var receiving = ReceiveAsync();
            var sending = SendAsync(history, stop.Token);
            var ending = await _ending.Task;
            _live.Log.ClientEnded(_sender.Next, ending.Code, ending.Reason);
            await stop.CancelAsync();
            _wake.Set();
            if (ending == Ending.Lost) _abort();
            else await CloseAsync(ending, sending, receiving, stopping);
            await Task.WhenAll(sending, receiving);
        }
        finally
        {
            _live.Pulse.Remove(_wake);
        }
    }

    private async Task CloseAsync(Ending ending, Task sending, Task receiving, CancellationToken stopping)
    {
        var patience = ending.IsStalled ? TimeSpan.Zero : _live.Options.Close / 2;
        var closing = SendCloseAsync(WebSocketFrame.OfClose(ending.Code, ending.Reason), patience);
        var closed = Task.WhenAll(sending, receiving, closing);

        // A client that stalls may yet read on and find the close behind what it did not take; others get it in turn. The stop
        // of the process does not wait for it any longer than for others.
        if (ending.IsStalled)
            await closed.WaitAsync(_live.Options.Stall, _live.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ending.IsStalled || stopping.IsCancellationRequested)
        {
            await closed.WaitAsync(_live.Options.Close, _live.Time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (closed.IsCompleted) return;
        _live.Log.ClientCut();
        _abort();
        await closing;
    }

    private async Task SendCloseAsync(byte[] frame, TimeSpan patience)
    {
        try
        {
            await _stream.SendCloseAsync(frame, patience);
        }
        catch (Exception fault) when (IsLoss(fault))
        {
            // The client left first: nobody is there to read the close.
        }
    }

    private async Task SendAsync(LogPage? history, CancellationToken cancellationToken)
    {
        try
        {
            await _sender.RunAsync(history, cancellationToken);
        }
        catch (ClientStalledException)
        {
            if (_ending.TrySetResult(Ending.Stalled(_sender.Next))) _live.Log.ClientStalled(_sender.Next);
        }
        catch (Exception fault) when (IsLoss(fault))
        {
            _ending.TrySetResult(Ending.Lost);
        }
        catch (Exception fault)
        {
            _live.Log.ConnectionFailed(fault);
            _ending.TrySetResult(Ending.Fault);
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var limit = _live.Options.InboundBytes;
            var code = await ClientReader.RunAsync(_socket, limit, () => _ending.TrySetResult(Ending.TooBig(limit)));
            _ending.TrySetResult(Ending.ByClient(code));
        }
        catch (Exception fault) when (IsLoss(fault))
        {
            _ending.TrySetResult(Ending.Lost);
        }
        catch (Exception fault)
        {
            _live.Log.ConnectionFailed(fault);
            _ending.TrySetResult(Ending.Fault);
        }
    }

    // Also a client that broke the protocol or left a ping unanswered: the framework has cut it by then.
    private static bool IsLoss(Exception fault) =>
        fault is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
