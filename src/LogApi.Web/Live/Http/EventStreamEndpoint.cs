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
    public async Task ServeAsync(HttpContext context, string? lastEventId)
    {
        if (!LiveRequest.TryParse(context.Request.QueryString, usualLimit: 0, lastEventId, out var request, out var error))
        {
            await ProblemWriter.WriteAsync(context, error);
            return;
        }

        var failure = await admission.AdmitAsync(context, request, MessageFraming.EventStream, join => StreamAsync(context, join));
        if (failure is not null) await ProblemWriter.WriteAsync(context, failure);
    }

    private async Task StreamAsync(HttpContext context, LiveJoin join)
    {
        LiveTransport.Prepare(context, live.Options);
        var response = context.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store, no-transform";

        // What proxies that gather answers call it when one is not to be gathered.
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.FlushAsync(context.RequestAborted);
        await new EventConnection(live, context, join).RunAsync();
    }
}
