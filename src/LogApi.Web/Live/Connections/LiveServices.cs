using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>What all connections of a process share.</summary>
internal sealed record LiveServices(
    LiveOptions Options,
    LiveRing Ring,
    LivePulse Pulse,
    LiveHeartbeat Heartbeat,
    LiveIntegrity Integrity,
    PatientReader Store,
    LiveDrain Drain,
    KeepAliveService KeepAlive,
    RetryHint Retry,
    TimeProvider Time,
    ILogger<LiveConnection> Log);
