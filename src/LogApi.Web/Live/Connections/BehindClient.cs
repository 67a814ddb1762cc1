namespace LogApi.Web.Live.Connections;

/// <summary>
/// How long a client that can't keep up is borne with: first what it misses is read back for it, up to a bound; then it is told
/// what it lost; and when that does not help for a while, it is given up, to come back from where it was.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
/// <param name="isRecovering">Whether it begins in the past: all up to now is read back, however much it is.</param>
internal sealed class BehindClient(LiveOptions options, TimeProvider time, bool isRecovering)
{
    private bool _isRecovering = isRecovering;
    private long _readBack;
    private long? _laggedSince;

    /// <summary>Whether what it missed is read back for it.</summary>
    public bool MayReadBack => ReadsLeft > 0;

    /// <summary>How many entries may yet be read back.</summary>
    public long ReadsLeft => _isRecovering ? long.MaxValue : options.BackfillEntries - _readBack;

    /// <summary>It has everything.</summary>
    public void OnCaughtUp()
    {
        _isRecovering = false;
        _readBack = 0;
        _laggedSince = null;
    }

    /// <summary>So many entries were read back.</summary>
    public void OnReadBack(int count) => _readBack += count;

    /// <summary>It is about to lose entries.</summary>
    /// <exception cref="ClientStalledException">It has done so for too long.</exception>
    public void OnLagged()
    {
        _laggedSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(_laggedSince.Value) > options.Lag) throw new ClientStalledException();
    }
}
