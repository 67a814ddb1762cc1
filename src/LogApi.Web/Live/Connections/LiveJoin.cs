using LogApi.Domain.Search;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>How a client joins the stream.</summary>
/// <param name="opening">What it gets first.</param>
/// <param name="filter">Which entries it wants; all when null.</param>
/// <param name="format">In which form.</param>
/// <param name="cursor">Where its live entries begin.</param>
internal sealed class LiveJoin(LiveOpening opening, LogFilter? filter, ClientFormat format, LiveCursor cursor)
{
    private LiveOpening? _opening = opening;

    /// <summary>Which entries it wants; all when null.</summary>
    public LogFilter? Filter => filter;

    /// <summary>In which form.</summary>
    public ClientFormat Format => format;

    /// <summary>Where its live entries begin.</summary>
    public LiveCursor Cursor => cursor;

    /// <summary>Whether entries may have come between where it begins and now, however long that took to find out.</summary>
    public bool BeginsInThePast { get; } = opening.History is not null || opening.Resumption is not null;

    /// <summary>Gives what the client gets first, and lets go of it: it may be large, and the client may stay for days. Once only.</summary>
    public LiveOpening TakeOpening()
    {
        var taken = _opening!;
        _opening = null;
        return taken;
    }
}
