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
    /// <summary>What it is sent first; no history when null.</summary>
    public NewestLogs? History { get; init; }

    /// <summary>What it takes up again; null when it begins.</summary>
    public StreamResumption? Resumption { get; init; }

    /// <summary>Whether entries may have come between where it begins and now, however long that took to find out.</summary>
    public bool BeginsInThePast => History is not null || Resumption is not null;
}
