namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Keeps an audit within its share of the processor: who has worked rests in proportion. For use by many at once.</summary>
internal sealed class AuditPace
{
    // Shorter rests are not kept to well.
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly double _rest;
    private long _owed;

    private AuditPace(int workers, double rest, TimeProvider time) => (Workers, _rest, _time) = (workers, rest, time);

    /// <summary>How many may work at once.</summary>
    public int Workers { get; }

    /// <summary>One that takes all there is.</summary>
    public static AuditPace Full(TimeProvider time) => new(2 * Environment.ProcessorCount, 0, time);

    /// <summary>One that takes a share of a core, in percent.</summary>
    public static AuditPace Share(int percent, TimeProvider time)
    {
        var workers = (percent + 99) / 100;
        return new(workers, (100.0 * workers / percent) - 1, time);
    }

    /// <summary>Is told of work that was done; returns when the next may begin.</summary>
    public async ValueTask RestAsync(TimeSpan worked, CancellationToken cancellationToken)
    {
        if (_rest == 0) return;
        var owed = Interlocked.Add(ref _owed, (long)(worked.Ticks * _rest));
        if (owed < ShortestRest.Ticks) return;
        if (Interlocked.Exchange(ref _owed, 0) is > 0 and var rest) await Task.Delay(TimeSpan.FromTicks(rest), _time, cancellationToken);
    }
}
