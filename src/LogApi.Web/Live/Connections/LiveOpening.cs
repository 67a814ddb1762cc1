using LogApi.Application.Logs.FollowLogs;
using LogApi.Application.Logs.ListLogs;
using LogApi.Web.Live.Http;

namespace LogApi.Web.Live.Connections;

/// <summary>What a client gets before its live entries.</summary>
/// <param name="Request">What it asked for.</param>
/// <param name="History">What it is sent first; no history when null.</param>
/// <param name="Resumption">What it takes up again; null when it begins.</param>
internal sealed record LiveOpening(LiveRequest Request, NewestLogs? History = null, StreamResumption? Resumption = null);
