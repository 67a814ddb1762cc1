using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>The newest heartbeat message, made once for all clients, each of which sends it between entries.</summary>
internal sealed class LiveHeartbeat(LivePulse pulse)
{
    private volatile byte[]? _frame;

    /// <summary>The newest one's frame, another array at each beat; none before the first.</summary>
    public byte[]? Frame => _frame;

    /// <summary>Hands a new heartbeat to every client.</summary>
    public void Beat(byte[] frame)
    {
        _frame = frame;
        pulse.Request();
    }
}
