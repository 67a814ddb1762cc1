using LogApi.Application.Ports;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>Whether the log can be continued provably, as a message for all clients: each gets it when that changes.</summary>
internal sealed class LiveIntegrity : IDisposable
{
    private readonly ITransparencyLog _log;
    private readonly LivePulse _pulse;
    private readonly Lock _gate = new();
    private volatile byte[]? _message;
    private string? _refusal;

    public LiveIntegrity(ITransparencyLog log, LivePulse pulse)
    {
        (_log, _pulse) = (log, pulse);
        _log.RefusalChanged += Look;
        Look();
    }

    /// <summary>The newest message, another array at each change; none while nothing was ever wrong.</summary>
    public byte[]? Message => _message;

    /// <summary>The message that a new client needs not be sent: that all is well.</summary>
    public byte[]? Known => Volatile.Read(ref _refusal) is null ? _message : null;

    public void Dispose() => _log.RefusalChanged -= Look;

    private void Look()
    {
        lock (_gate)
        {
            var refusal = _log.Refusal;
            if (refusal == _refusal) return;
            _refusal = refusal;
            _message = LiveMessages.Integrity(refusal);
        }

        _pulse.Request();
    }
}
