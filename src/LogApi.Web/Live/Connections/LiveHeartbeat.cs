using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>The newest heartbeat, which each client is sent between entries, with its own position.</summary>
internal sealed class LiveHeartbeat(LivePulse pulse)
{
    private volatile LiveBeat? _newest;

    /// <summary>The newest one, another object at each beat; none before the first.</summary>
    public LiveBeat? Newest => _newest;

    /// <summary>Hands a new heartbeat to every client.</summary>
    public void Beat(LiveBeat beat)
    {
        _newest = beat;
        pulse.Request();
    }
}

/// <summary>A heartbeat.</summary>
/// <param name="Timestamp">When it was.</param>
/// <param name="Connections">How many live clients all processes have.</param>
internal sealed record LiveBeat(string Timestamp, long Connections);
