using System.ComponentModel;
using LogApi.Application.Audits;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Audits: whether anything that the store holds was changed there.</summary>
[Route("api/v1/audits")]
[Tags("Audits")]
public sealed class AuditsController(IMediator mediator) : ApiController
{
    /// <summary>Start an audit</summary>
    /// <remarks>
    /// Reads every stored byte of the entries that the newest checkpoint covers, and holds them against their hashes, the tree
    /// and its signature, and the indexes and counts against them. It goes on by itself, at a share of a core that the operator
    /// has set, also when the process ends that carries it out. One is under way at a time.
    /// </remarks>
    /// <response code="202">It is under way; `Location` says where to look at it.</response>
    [HttpPost(Name = "startAudit")]
    [FailsWith("audit_running", "nothing_to_audit", "outcome_unknown")]
    [ProducesResponseType<AuditResponse>(StatusCodes.Status202Accepted, "application/json")]
    [ResponseHeader("Location", "Where to look at it.")]
    public async Task<IActionResult> Start(CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new StartAuditCommand(), cancellationToken);
        return result.TryGet(out var audit, out var error)
            ? Accepted($"{Request.PathBase}/api/v1/audits/{audit.Id}", audit)
            : new ProblemResult(Failure.From(error));
    }

    /// <summary>Look at an audit</summary>
    /// <remarks>Says how far the audit is and what it has found so far. Findings are kept in the order of the log; the rest is counted.</remarks>
    /// <response code="200">The audit.</response>
    [HttpGet("{audit_id}", Name = "getAudit")]
    [FailsWith("invalid_request", "not_found", "outcome_unknown")]
    [ProducesResponseType<AuditResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Get(
        [FromRoute(Name = "audit_id"), Description("The audit's UUID.")] string auditId, CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(new GetAuditQuery(auditId), cancellationToken));
    }

    /// <summary>List audits</summary>
    /// <remarks>Gives the audit that is under way and the last ones that have ended, the newest first.</remarks>
    /// <response code="200">The audits.</response>
    [HttpGet(Name = "listAudits")]
    [FailsWith("outcome_unknown")]
    [ProducesResponseType<AuditListResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(new ListAuditsQuery(), cancellationToken));
    }
}
