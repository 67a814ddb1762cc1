using System.ComponentModel;
using LogApi.Application.Transparency.GetConsistency;
using LogApi.Application.Transparency.GetProof;
using LogApi.Application.Transparency.GetTransparency;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using LogApi.Web.Transparency;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>What shows that nothing was edited, removed, reordered or cut off.</summary>
[AllowAnonymous]
[Route("api/v1")]
[Tags("Transparency")]
public sealed class TransparencyController(IMediator mediator) : ApiController
{
    /// <summary>Read what an auditor needs</summary>
    /// <remarks>
    /// Gives the log's name, the public key that checks its signatures, the newest checkpoint and how long entries are kept. Ask
    /// the operator for the key by another way too: who could change this answer could change that one as well.
    /// </remarks>
    /// <response code="200">The log.</response>
    [HttpGet("transparency", Name = "getTransparency")]
    [FailsWith("store_unavailable", "outcome_unknown")]
    [ProducesResponseType<TransparencyResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(new GetTransparencyQuery(), cancellationToken));
    }

    /// <summary>Prove that the log only grew</summary>
    /// <remarks>
    /// Gives the consistency proof (RFC 6962 §2.1.2) between two sizes, `to` being that of the newest checkpoint unless told. The
    /// roots to hold it against are those of signed checkpoints.
    /// </remarks>
    /// <response code="200">The proof.</response>
    [HttpGet("transparency/consistency", Name = "getConsistency")]
    [GivenOnce("from", "to")]
    [FailsWith("invalid_request", "tree_damaged", "store_unavailable", "outcome_unknown")]
    [ProducesResponseType<ConsistencyResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Consistency(
        [FromQuery(Name = "from"), Description("The size of the earlier tree, 1 or more.")] long? from,
        [FromQuery(Name = "to"), Description("The size of the later tree.")] long? to,
        CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(new GetConsistencyQuery(from, to), cancellationToken));
    }

    /// <summary>Prove that an entry is in the log</summary>
    /// <remarks>
    /// A file of C2SP tlog-proof: the entry's place, the hashes that lead from its leaf to the root, and the signed checkpoint with
    /// that root. It can be checked without this service, now and later: `dotnet run --project src/LogApi.Web -- verify FILE --vkey
    /// VKEY`. With `Accept: application/json` the same as JSON, with the leaf and its salt.
    /// </remarks>
    /// <response code="200">The proof.</response>
    [HttpGet("logs/{id:regex(^(?!batch$))}/proof", Name = "getProof")]
    [GivenOnce("extra")]
    [FailsWith(
        "invalid_request", "not_found", "proof_pending", "entry_dropped", "entry_damaged", "tree_damaged", "store_unavailable", "outcome_unknown")]
    [Streams(ProofResult.FileType)]
    [ProducesResponseType<EntryProofResponse>(StatusCodes.Status200OK, ProofResult.JsonType)]
    public async Task<IActionResult> Proof(
        [FromRoute, Description("The entry's UUID.")] string id,
        [FromQuery(Name = "extra"), Description("`true` puts the entry and its salt into the file, which then needs nothing else to be checked.")]
        bool? extra,
        CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new GetProofQuery(id), cancellationToken);
        return result.TryGet(out var proof, out var error) ? new ProofResult(proof, extra ?? false) : new ProblemResult(Failure.From(error));
    }
}
