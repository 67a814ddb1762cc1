namespace LogApi.Web.Live.Connections;

/// <summary>What is to be done about a client now.</summary>
internal enum KeepAliveStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Ask whether it is still there (RFC 6455, section 5.5.2).</summary>
    Ping,

    /// <summary>Give it up: it did not answer in time.</summary>
    GiveUp,
}

/// <summary>
/// Decides when one client is asked whether it is still there, and when it is given up. Whatever a client sends is a sign of life,
/// not its answer alone.
/// </summary>
/// <param name="options">How long a client may be silent, and how long it may take to answer.</param>
/// <param name="time">Tells how long that was.</param>
internal sealed class KeepAlive(LiveOptions options, TimeProvider time)
{
    private int _heard;
    private bool _isAsked;
    private long _since = time.GetTimestamp();

    /// <summary>Gives what is to be done; asked from time to time, by one caller at a time.</summary>
    /// <param name="heard">Another number each time that the client was heard.</param>
    /// <param name="isWriting">Whether the ping is still on its way out, behind what the client has not taken: that has its own bound.</param>
    public KeepAliveStep Next(int heard, bool isWriting)
    {
        if (heard != _heard || isWriting)
        {
            _isAsked &= heard == _heard;
            _heard = heard;
            _since = time.GetTimestamp();
            return KeepAliveStep.None;
        }

        if (time.GetElapsedTime(_since) < (_isAsked ? options.PingTimeout : options.Ping)) return KeepAliveStep.None;
        if (_isAsked) return KeepAliveStep.GiveUp;
        _isAsked = true;
        _since = time.GetTimestamp();
        return KeepAliveStep.Ping;
    }
}
