using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// One client, of whichever kind: it is sent to until it leaves, stays too far behind, or the process stops. Whatever comes first
/// decides how the connection ends; what that takes differs by kind.
/// </summary>
internal abstract class ClientConnection : IDrainable
{
    private readonly AsyncSignal _wake = new();
    private readonly TaskCompletionSource<Ending> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LiveSender _sender;

    /// <param name="live">What is shared with other connections.</param>
    /// <param name="stream">Where messages are written.</param>
    /// <param name="join">What the client wants, and where it begins.</param>
    protected ClientConnection(LiveServices live, Stream stream, LiveJoin join)
    {
        Live = live;
        Writer = new ClientWriter(stream, live.Options, live.Time);
        _sender = new LiveSender(live, Writer, join, _wake);
    }

    /// <summary>What is shared with other connections.</summary>
    protected LiveServices Live { get; }

    /// <summary>Writes to the client.</summary>
    protected ClientWriter Writer { get; }

    /// <summary>Where the client is: the first entry that was not handed over whole is the next one.</summary>
    protected LiveCursor Cursor => _sender.Cursor;

    /// <summary>Whether there is a place for the client to go on from.</summary>
    protected bool HasBegun => _sender.HasBegun;

    /// <inheritdoc/>
    public void Drain() => End(Ending.GoingAway(Live.Retry.Next()));

    /// <summary>Serves the client until the connection has ended.</summary>
    public async Task ServeAsync()
    {
        Live.Log.ClientJoined(Cursor.Next);
        Live.Pulse.Add(_wake);
        Live.Drain.Add(this);
        using var stop = new CancellationTokenSource();
        try
        {
            Watch();
            var sending = SendAsync(stop.Token);
            var ending = await _ending.Task;
            Live.Log.ClientEnded(Cursor.Next, ending.Code, ending.Words);
            await stop.CancelAsync();
            _wake.Set();
            await CloseAsync(ending, sending);
            await sending;
        }
        finally
        {
            await UnwatchAsync();
            Live.Drain.Remove(this);
            Live.Pulse.Remove(_wake);
        }
    }

    /// <summary>Begins to end the connection, unless it does so already.</summary>
    protected void End(Ending ending) => _ending.TrySetResult(ending);

    /// <summary>Begins to look whether the client is still there, to <see cref="End"/> the connection when it is not.</summary>
    protected abstract void Watch();

    /// <summary>Looks no more, and has nothing under way for it.</summary>
    protected abstract ValueTask UnwatchAsync();

    /// <summary>Tells the client, if it is there, and sees to it that nothing more is under way.</summary>
    /// <param name="ending">How it ends.</param>
    /// <param name="sending">Ends when what is being written was taken, or the connection is cut.</param>
    protected abstract Task CloseAsync(Ending ending, Task sending);

    /// <summary>Gives what a fault of sending or receiving ends the connection with.</summary>
    protected Ending EndingOf(Exception fault)
    {
        if (Ending.IsLoss(fault)) return Ending.Lost;
        Live.Log.ConnectionFailed(fault);
        return Ending.Fault(Live.Retry.Next());
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _sender.RunAsync(cancellationToken);
        }
        catch (ClientStalledException)
        {
            Live.Log.ClientStalled(Cursor.Next);
            End(Ending.TooSlow(Live.Retry.Next()));
        }
        catch (Exception fault)
        {
            End(EndingOf(fault));
        }
    }
}
