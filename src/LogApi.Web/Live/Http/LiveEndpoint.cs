using LogApi.Web.Errors;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Frames;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Live.Http;

/// <summary>
/// Answers <c>/ws/logs</c> and <c>/ws/stream</c>. Whatever stands in the way is said as a problem before the upgrade, where every
/// client can read it; after the upgrade there are only messages and a close.
/// </summary>
internal sealed class LiveEndpoint(LiveServices live, LiveAdmission admission, IHostApplicationLifetime lifetime)
{
    private const string LogsPath = "/ws/logs";
    private const string StreamPath = "/ws/stream";
    private const int UsualHistory = 100;

    /// <summary>Whether the request is for a live endpoint.</summary>
    public static bool IsAt(HttpContext context) => IsLogs(context) || Is(context, StreamPath);

    /// <summary>Serves one client until it leaves, or refuses it.</summary>
    public Task ServeAsync(HttpContext context)
    {
        if (Refuse(context) is { } refusal) return ProblemWriter.WriteAsync(context, refusal);
        var query = context.Request.QueryString;
        return LiveRequest.TryParse(query, IsLogs(context) ? UsualHistory : null, lastEventId: null, out var request, out var error)
            ? ServeAsync(context, request)
            : ProblemWriter.WriteAsync(context, error);
    }

    private static Failure? Refuse(HttpContext context)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsConnect(request.Method))
        {
            headers.Allow = HttpMethods.Get;
            return new Failure(ProblemKinds.MethodNotAllowed, $"{request.Path.ToUriComponent()} takes a WebSocket's GET only.");
        }

        if (context.WebSockets.IsWebSocketRequest) return null;
        headers.Upgrade = "websocket";
        headers.SecWebSocketVersion = "13";
        if (HttpProtocol.IsHttp11(request.Protocol)) headers.Connection = HeaderNames.Upgrade;
        return new Failure(ProblemKinds.UpgradeRequired, ProblemKinds.UpgradeRequired.Meaning);
    }

    private async Task ServeAsync(HttpContext context, LiveRequest request)
    {
        var (place, refusal) = await admission.AdmitAsync(context, request, MessageFraming.WebSocket);
        if (place is null)
        {
            await ProblemWriter.WriteAsync(context, refusal!);
            return;
        }

        using (place)
        {
            LiveTransport.Prepare(context, live.Options);
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var stream = context.Features.GetRequiredFeature<SharedFrameFeature>().Stream!;
            await new LiveConnection(live, socket, stream, context.Abort, place.Join, lifetime.ApplicationStopping).ServeAsync();
        }
    }

    private static bool IsLogs(HttpContext context) => Is(context, LogsPath);

    private static bool Is(HttpContext context, string path) =>
        context.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase);
}
