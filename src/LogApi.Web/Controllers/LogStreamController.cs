using System.ComponentModel;
using LogApi.Web.Live.Http;
using LogApi.Web.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Entries as they come.</summary>
[AllowAnonymous]
[Route("api/v1/logs/stream")]
[Tags("Logs")]
public sealed class LogStreamController : ApiController
{
    /// <summary>Watch entries as they come</summary>
    /// <remarks>
    /// The twin of the WebSockets `/ws/logs` and `/ws/stream` for places where upgrades do not get through: the same messages, as
    /// server-sent events that `EventSource` reads. An event's data is one message; its `id` is what to go on with, which browsers
    /// send by themselves as `Last-Event-ID` when the connection breaks. Entries that came meanwhile follow then; what can't be
    /// had any more is said by a message `{"type":"gap","from","to","reason"}`. With `limit` the newest entries come first.
    /// When the service stops, the last event has the name `close` and says where and when to go on.
    /// </remarks>
    /// <response code="200">The events, until the client leaves.</response>
    [HttpGet(Name = "streamLogs")]
    [FailsWith("invalid_request", "origin_not_allowed", "store_unavailable", "not_ready", "too_many_connections", "outcome_unknown")]
    [TakesStreamQuery]
    [Streams(EventStreamEndpoint.MediaType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public IActionResult Get(
        [FromHeader(Name = EventStreamEndpoint.LastEventId), Description("The `id` of the last event that came; it goes before `after`.")]
        string? lastEventId) => new EventStreamResult(lastEventId);
}
