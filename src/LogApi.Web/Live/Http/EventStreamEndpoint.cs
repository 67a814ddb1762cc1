using LogApi.Web.Errors;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Live.Http;

/// <summary>
/// Answers the event stream (WHATWG HTML, section 9.2), the twin of the WebSockets for places where upgrades do not get through:
/// the same messages under the same rules.
/// </summary>
internal sealed class EventStreamEndpoint(LiveServices live, LiveAdmission admission)
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>What a browser says by itself when it comes back: the <c>id</c> of the last event that it got.</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>Serves one client until it leaves, or refuses it.</summary>
    /// <param name="context">Its request.</param>
    /// <param name="lastEventId">What it gave as <see cref="LastEventId"/>.</param>
    public Task ServeAsync(HttpContext context, string? lastEventId) =>
        LiveRequest.TryParse(context.Request.QueryString, usualLimit: 0, lastEventId, out var request, out var error)
            ? ServeAsync(context, request)
            : ProblemWriter.WriteAsync(context, error);

    private async Task ServeAsync(HttpContext context, LiveRequest request)
    {
        var (place, refusal) = await admission.AdmitAsync(context, request, MessageFraming.EventStream);
        if (place is null)
        {
            await ProblemWriter.WriteAsync(context, refusal!);
            return;
        }

        using (place)
        {
            LiveTransport.Prepare(context, live.Options);
            await StartAsync(context.Response, context.RequestAborted);
            await new EventConnection(live, context, place.Join).ServeAsync();
        }
    }

    private static Task StartAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store, no-transform";

        // What proxies that gather answers call it when one is not to be gathered.
        response.Headers["X-Accel-Buffering"] = "no";
        return response.Body.FlushAsync(cancellationToken);
    }
}
