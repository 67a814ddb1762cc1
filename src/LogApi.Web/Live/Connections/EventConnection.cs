using System.Globalization;
using System.Text;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// One client of an event stream (WHATWG HTML, section 9.2). The answer ends when the client leaves, stays too far behind, or
/// when the process stops; the last event then says how to go on.
/// </summary>
/// <param name="live">What is shared with other connections.</param>
/// <param name="http">The request, whose answer has been started.</param>
/// <param name="join">What the client wants, and where it begins.</param>
internal sealed class EventConnection(LiveServices live, HttpContext http, LiveJoin join)
    : ClientConnection(live, http.Response.Body, join)
{
    private CancellationTokenRegistration _left;

    /// <inheritdoc/>
    protected override void Watch() => _left = http.RequestAborted.UnsafeRegister(
        static connection => ((EventConnection)connection!).End(Ending.Lost), this);

    /// <inheritdoc/>
    protected override ValueTask UnwatchAsync() => _left.DisposeAsync();

    /// <inheritdoc/>
    protected override async Task CloseAsync(Ending ending, Task sending)
    {
        // A client that does not take what was sent before would not take this either, and inside an unfinished event it would be
        // a part of that: cut off there, a browser throws the event away and asks for it again.
        await sending.WaitAsync(Live.Options.Close, Live.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var isThere = !ending.HasNobody && !ending.IsStalled && sending.IsCompletedSuccessfully && HasBegun;
        if (!isThere || !await TrySayAsync(ending)) http.Abort();
    }

    private async Task<bool> TrySayAsync(Ending ending)
    {
        var retry = ending.RetryMilliseconds!.Value;
        var json = LiveMessages.Closed(ending.Code!.Value, ending.Words, Cursor, retry);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"retry: {retry}\nid: {Cursor}\nevent: close\ndata: {Encoding.UTF8.GetString(json)}\n\n");
        try
        {
            await Writer.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WaitAsync(Live.Options.Close, Live.Time);
            return true;
        }
        catch (Exception fault) when (Ending.IsLoss(fault) || fault is ClientStalledException or TimeoutException)
        {
            // The client left first, or takes nothing: nobody is there to read it.
            return false;
        }
    }
}
