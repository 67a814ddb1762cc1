using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Live.Http;

/// <summary>Serves the event stream until the client leaves.</summary>
internal sealed class EventStreamResult(string? lastEventId) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<EventStreamEndpoint>().ServeAsync(context.HttpContext, lastEventId);
}
