using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LogApi.Application.Logs.GetStats;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>The log in numbers.</summary>
[AllowAnonymous]
[Route("api/v1/stats")]
[Tags("Logs")]
public sealed class StatsController(IMediator mediator) : ApiController
{
    /// <summary>Count the entries</summary>
    /// <remarks>
    /// Gives totals, and the entries by status, by minute of the last hour, and by user. The numbers are kept while entries are
    /// written, so that asking costs the same for a log of any size.
    /// </remarks>
    /// <response code="200">The numbers.</response>
    [HttpGet(Name = "getStats")]
    [GivenOnce("users")]
    [FailsWith("invalid_request", "store_unavailable", "outcome_unknown")]
    [ProducesResponseType<StatsResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Get(
        [FromQuery(Name = "users"), Description("How many of the busiest users.")]
        [Range(GetStatsQuery.MinUsers, GetStatsQuery.MaxUsers)] int? users,
        CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(new GetStatsQuery(users ?? GetStatsQuery.DefaultUsers), cancellationToken));
    }
}
