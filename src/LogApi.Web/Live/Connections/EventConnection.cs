using System.Globalization;
using System.Text;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// One client of an event stream (WHATWG HTML, section 9.2). The answer ends when the client leaves, stays too far behind, or
/// when the process stops; the last event then says how to go on.
/// </summary>
internal sealed class EventConnection : IDrainable
{
    private readonly LiveServices _live;
    private readonly HttpContext _http;
    private readonly ClientWriter _writer;
    private readonly LiveSender _sender;
    private readonly AsyncSignal _wake = new();
    private readonly TaskCompletionSource<Ending> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="live">What is shared with other connections.</param>
    /// <param name="http">The request, whose answer has been started.</param>
    /// <param name="join">What the client wants, and where it begins.</param>
    public EventConnection(LiveServices live, HttpContext http, LiveJoin join)
    {
        (_live, _http) = (live, http);
        _writer = new ClientWriter(http.Response.Body, live.Options, live.Time);
        _sender = new LiveSender(live, _writer, join, _wake);
    }

    /// <inheritdoc/>
    public void Drain() => _ending.TrySetResult(Ending.GoingAway(_live.Retry.Next()));

    /// <summary>Serves the client until it has left or was given up.</summary>
    public async Task RunAsync()
    {
        _live.Log.ClientJoined(_sender.Cursor.Next);
        _live.Pulse.Add(_wake);
        _live.Drain.Add(this);
        await using var left = _http.RequestAborted.UnsafeRegister(
            static connection => ((EventConnection)connection!)._ending.TrySetResult(Ending.Lost), this);
        using var stop = new CancellationTokenSource();
        try
        {
            var sending = SendAsync(stop.Token);
            var ending = await _ending.Task;
            _live.Log.ClientEnded(_sender.Cursor.Next, ending.Code, ending.Words);
            await stop.CancelAsync();
            _wake.Set();
            if (ending == Ending.Lost || !await TrySayAsync(ending, sending)) _http.Abort();
            await sending;
        }
        finally
        {
            _live.Drain.Remove(this);
            _live.Pulse.Remove(_wake);
        }
    }

    private async Task<bool> TrySayAsync(Ending ending, Task sending)
    {
        // A client that does not take what was sent before would not take this either.
        await sending.WaitAsync(_live.Options.Close, _live.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!sending.IsCompletedSuccessfully || ending.IsStalled) return false;
        var retry = ending.RetryMilliseconds!.Value;
        var json = LiveMessages.Closed(ending.Code!.Value, ending.Words, _sender.Cursor, retry);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"retry: {retry}\nid: {_sender.Cursor}\nevent: close\ndata: {Encoding.UTF8.GetString(json)}\n\n");
        try
        {
            await _writer.WriteAsync(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (Exception fault) when (Ending.IsLoss(fault) || fault is ClientStalledException)
        {
            // The client left first, or takes nothing: nobody is there to read it.
            return false;
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (await _sender.RunAsync(cancellationToken) is { } ending) _ending.TrySetResult(ending);
    }
}
