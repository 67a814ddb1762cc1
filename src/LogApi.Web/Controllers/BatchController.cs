using System.ComponentModel;
using LogApi.Application.Logs.CreateLogs;
using LogApi.Web.Authentication;
using LogApi.Web.Bulk;
using LogApi.Web.Configuration;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace LogApi.Web.Controllers;

/// <summary>Entries: writing many at once.</summary>
[Route("api/v1/logs/batch")]
[Tags("Logs")]
public sealed class BatchController(IMediator mediator, IServiceProvider services) : ApiController
{
    /// <summary>Write many entries</summary>
    /// <remarks>
    /// Stores the entries of a JSON array, or of lines of JSON, in their order, and answers once the store has acknowledged them.
    /// Each item is judged by itself: `results` has the status of each, and one that is refused rejects no other.
    ///
    /// When the rest of a body can't be read, because it is malformed or over a limit, the answer is that problem. The items
    /// before are processed all the same: `results` says how, and `unread_from` is the index of the first that was not read.
    ///
    /// With an `Idempotency-Key`, a request that got no answer, or not every entry stored, can be sent again with the same body:
    /// what was stored is not stored again.
    /// </remarks>
    /// <response code="200">What became of each item.</response>
    [HttpPost(Name = "createLogs")]
    [FailsWith("request_in_progress", "request_record_damaged", "idempotency_key_reused", "request_timeout", "integrity", "overloaded", "outcome_unknown")]
    [BatchBody(typeof(CreateLogRequest))]
    [ResponseHeader("Preference-Applied", "`return=minimal` when the results of stored entries were left out.")]
    [ProducesResponseType<BatchResponse>(StatusCodes.Status200OK, "application/json")]
    [ResponseHeader(IdempotencyHeaders.Replayed, IdempotencyHeaders.ReplayedDescription)]
    public async Task<IActionResult> Create(
        [FromHeader(Name = IdempotencyHeaders.Key), Description(IdempotencyHeaders.KeyDescription)] string? idempotencyKey,
        [FromHeader(Name = "Content-Encoding"), Description("How the body is packed: `gzip`, `br` or `zstd`.")] string? contentEncoding,
        [FromHeader(Name = "Prefer"), Description("`return=minimal` leaves the results of stored entries out (RFC 7240).")] string? prefer,
        CancellationToken cancellationToken)
    {
        var http = services.GetRequiredService<IOptions<HttpOptions>>().Value;
        var batch = services.GetRequiredService<IOptions<BatchOptions>>().Value;
        var key = IdempotencyHeaders.Read(idempotencyKey, Request);
        using var items = BatchRequest.OpenBody(HttpContext, contentEncoding, http, batch, isDigested: key is not null);
        var outcome = await mediator.Send(new CreateLogsCommand(SessionIdentity.Of(User).UserId, items, key), cancellationToken);
        return outcome.TryGet(out var response, out var error)
            ? new BatchResult(response, items, BatchRequest.PrefersMinimal(prefer))
            : new ProblemResult(Failure.From(error));
    }
}
