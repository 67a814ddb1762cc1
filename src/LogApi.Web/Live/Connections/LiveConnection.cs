using System.Net.WebSockets;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// One WebSocket client: a loop that sends and a loop that receives. Whichever ends first, or the stop of the process, decides
/// how the connection ends; then the close handshake has a bounded time before the connection is cut.
/// </summary>
internal sealed class LiveConnection : IDrainable
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
    /// <param name="join">What the client wants, and where it begins.</param>
    public LiveConnection(LiveServices live, WebSocket socket, SharedFrameStream stream, Action abort, LiveJoin join)
    {
        (_live, _socket, _stream, _abort) = (live, socket, stream, abort);
        _sender = new LiveSender(live, new ClientWriter(stream, live.Options, live.Time), join, _wake);
    }

    /// <inheritdoc/>
    public void Drain() => _ending.TrySetResult(Ending.GoingAway(_live.Retry.Next()));

    /// <summary>Serves the client until the connection has ended.</summary>
    /// <param name="stopping">Cancelled when the process stops.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        _live.Log.ClientJoined(_sender.Cursor.Next);
        _live.Pulse.Add(_wake);
        _live.Drain.Add(this);
        using var stop = new CancellationTokenSource();
        try
        {
            var receiving = ReceiveAsync();
            var sending = SendAsync(stop.Token);
            var ending = await _ending.Task;
            _live.Log.ClientEnded(_sender.Cursor.Next, ending.Code, ending.Words);
            await stop.CancelAsync();
            _wake.Set();
            if (ending == Ending.Lost) _abort();
            else await CloseAsync(ending, sending, receiving, stopping);
            await Task.WhenAll(sending, receiving);
        }
        finally
        {
            _live.Drain.Remove(this);
            _live.Pulse.Remove(_wake);
        }
    }

    private async Task CloseAsync(Ending ending, Task sending, Task receiving, CancellationToken stopping)
    {
        var closing = SendCloseAsync(ending, sending);
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

    private async Task SendCloseAsync(Ending ending, Task sending)
    {
        // Once nothing more is sent, the place that the reason names is exact; before, it is no later than where the client is.
        var patience = ending.IsStalled ? TimeSpan.Zero : _live.Options.Close / 2;
        await sending.WaitAsync(patience, _live.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _stream.SendCloseAsync(WebSocketFrame.OfClose(ending.Code, ending.ReasonAt(_sender.Cursor)), patience);
        }
        catch (Exception fault) when (Ending.IsLoss(fault))
        {
            // The client left first: nobody is there to read the close.
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (await _sender.RunAsync(cancellationToken) is { } ending) _ending.TrySetResult(ending);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var limit = _live.Options.InboundBytes;
            var code = await ClientReader.RunAsync(_socket, limit, () => _ending.TrySetResult(Ending.TooBig(limit)));
            _ending.TrySetResult(Ending.ByClient(code));
        }
        catch (Exception fault) when (Ending.IsLoss(fault))
        {
            _ending.TrySetResult(Ending.Lost);
        }
        catch (Exception fault)
        {
            _live.Log.ConnectionFailed(fault);
            _ending.TrySetResult(Ending.Fault(_live.Retry.Next()));
        }
    }
}
