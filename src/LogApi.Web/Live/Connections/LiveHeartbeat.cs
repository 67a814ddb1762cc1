using LogApi.Domain.Entries;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>The newest heartbeat, which each client is sent between entries, with its own position.</summary>
internal sealed class LiveHeartbeat(LivePulse pulse, LiveConnections connections, TimeProvider time)
{
    private volatile LiveBeat? _newest;

    /// <summary>The newest one, another object at each beat; none before the first.</summary>
    public LiveBeat? Newest => _newest;

    /// <summary>What a heartbeat would say at this moment.</summary>
    public LiveBeat Now() => new(LogTimestamp.From(time.GetUtcNow()).Text, connections.Total);

    /// <summary>Hands a new heartbeat to every client.</summary>
    public void Beat()
    {
        _newest = Now();
        pulse.Request();
    }
}

/// <summary>A heartbeat.</summary>
/// <param name="Timestamp">When it was.</param>
/// <param name="Connections">How many live clients all processes have.</param>
internal sealed record LiveBeat(string Timestamp, long Connections);
