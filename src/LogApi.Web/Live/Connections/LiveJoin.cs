using LogApi.Application.Logs.FollowLogs;
using LogApi.Application.Logs.ListLogs;
using LogApi.Domain.Search;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Http;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>How a client joins the stream.</summary>
/// <param name="Request">What it asked for.</param>
/// <param name="Filter">Which entries it wants; all when null.</param>
/// <param name="Format">In which form.</param>
/// <param name="Cursor">Where its live entries begin.</param>
internal sealed record LiveJoin(LiveRequest Request, LogFilter? Filter, ClientFormat Format, LiveCursor Cursor)
{
    private NewestLogs? _history;

    /// <summary>What it is sent first; no history when null.</summary>
    public NewestLogs? History
    {
        init => _history = value;
    }

    /// <summary>What it takes up again; null when it begins.</summary>
    public StreamResumption? Resumption { get; init; }

    /// <summary>Whether entries may have come between where it begins and now, however long that took to find out.</summary>
    public bool BeginsInThePast => _history is not null || Resumption is not null;

    /// <summary>Gives the history, and lets go of it: it is large, and the client may stay for days.</summary>
    public NewestLogs? TakeHistory()
    {
        var history = _history;
        _history = null;
        return history;
    }
}
