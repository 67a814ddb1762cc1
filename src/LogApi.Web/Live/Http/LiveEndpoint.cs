using LogApi.Application.Logs.ListLogs;
using LogApi.Application.Ports;
using LogApi.Web.Errors;
using LogApi.Web.Hosting;
using LogApi.Web.Live.Connections;
using MediatR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Live.Http;

/// <summary>
/// Answers <c>/ws/logs</c> and <c>/ws/stream</c>. Whatever stands in the way is said as a problem before the upgrade, where every
/// client can read it; after the upgrade there are only messages and a close.
/// </summary>
internal sealed class LiveEndpoint(
    LiveServices live, LiveConnections connections, AllowedOrigins origins, IMediator mediator, IHostApplicationLifetime lifetime)
{
    private const string LogsPath = "/ws/logs";
    private const string StreamPath = "/ws/stream";

    /// <summary>Whether the request is for a live endpoint.</summary>
    public static bool IsAt(HttpContext context) => IsLogs(context) || Is(context, StreamPath);

    /// <summary>Serves one client until it leaves, or refuses it.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (Refuse(context) is { } refusal)
        {
            await ProblemWriter.WriteAsync(context, refusal);
            return;
        }

        if (!LiveRequest.TryParse(context.Request.Query, IsLogs(context), out var request, out var error))
        {
            await ProblemWriter.WriteAsync(context, error);
            return;
        }

        if (!connections.TryEnter())
        {
            await ProblemWriter.WriteAsync(context, Of(ProblemKinds.TooManyConnections));
            return;
        }

        try
        {
            await AdmitAsync(context, request);
        }
        finally
        {
            connections.Leave();
        }
    }

    private Failure? Refuse(HttpContext context)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsConnect(request.Method))
        {
            headers.Allow = HttpMethods.Get;
            return new Failure(ProblemKinds.MethodNotAllowed, $"{request.Path.ToUriComponent()} takes a WebSocket's GET only.");
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            headers.Upgrade = "websocket";
            headers.SecWebSocketVersion = "13";
            if (HttpProtocol.IsHttp11(request.Protocol)) headers.Connection = HeaderNames.Upgrade;
            return Of(ProblemKinds.UpgradeRequired);
        }

        if (!origins.IsAllowed(request.Headers.Origin)) return Of(ProblemKinds.OriginNotAllowed);
        return lifetime.ApplicationStopping.IsCancellationRequested ? Of(ProblemKinds.NotReady) : null;
    }

    private async Task AdmitAsync(HttpContext context, LiveRequest request)
    {
        LogPage? history = null;
        if (request.WithHistory)
        {
            var query = new ListNewestLogsQuery(request.Filter?.UserId, request.Limit, request.Offset);
            var result = await mediator.Send(query, context.RequestAborted);
            if (!result.TryGet(out history, out var error))
            {
                await ProblemWriter.WriteAsync(context, error);
                return;
            }
        }

        // The stop may have begun while the store was asked; a client that can still read a problem need not be closed.
        if (lifetime.ApplicationStopping.IsCancellationRequested
            || !live.Ring.TryJoin(history?.Head.Epoch, FirstAfter(history), out var cursor))
        {
            await ProblemWriter.WriteAsync(context, Of(ProblemKinds.NotReady));
            return;
        }

        // A slow client has a rule of its own here.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var stream = context.Features.GetRequiredFeature<SharedFrameFeature>().Stream!;
        var connection = new LiveConnection(live, socket, stream, context.Abort, request, cursor);
        await connection.RunAsync(history, lifetime.ApplicationStopping);
    }

    // The page holds everything below its head; should it hold more, that is not to be sent again.
    private static long? FirstAfter(LogPage? history) =>
        history is null ? null : Math.Max(history.Head.Next, history.Sequences.Count == 0 ? 0 : history.Sequences[0] + 1);

    private static bool IsLogs(HttpContext context) => Is(context, LogsPath);

    private static bool Is(HttpContext context, string path) =>
        context.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase);

    private static Failure Of(ProblemKind kind) => new(kind, kind.Meaning);
}
