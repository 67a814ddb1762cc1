using System.ComponentModel;
using LogApi.Application.Common.Errors;
using LogApi.Application.Transparency.GetCheckpoint;
using LogApi.Application.Transparency.GetEntryBundle;
using LogApi.Application.Transparency.GetTile;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using LogApi.Web.Transparency;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>The log in the open formats of C2SP (tlog-checkpoint, tlog-tiles), for programs that know nothing else of it.</summary>
[AllowAnonymous]
[EnableCors(OpenCors.Policy)]
[OpenToAnyPage]
[Tags("Transparency")]
public sealed class TilesController(IMediator mediator) : ApiController
{
    /// <summary>Read the signed checkpoint</summary>
    /// <remarks>
    /// The newest signed statement of the log's size and root hash (C2SP tlog-checkpoint), about a second after an entry. Any
    /// page may read it.
    /// </remarks>
    /// <response code="200">The checkpoint.</response>
    [AcceptVerbs("GET", "HEAD", Route = "checkpoint", Name = "getCheckpoint")]
    [FailsWith("not_found", "tree_damaged", "store_unavailable", "outcome_unknown")]
    [ResponseHeader("ETag", "Names the checkpoint; strong.")]
    [TakesIfNoneMatch]
    [Streams("text/plain")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Checkpoint(CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new GetCheckpointQuery(), cancellationToken);
        return result.TryGet(out var published, out var error) ? new CheckpointResult(published) : Refuse(error);
    }

    /// <summary>Read the leaves of an entry bundle</summary>
    /// <remarks>
    /// The leaves under one tile of level 0 (C2SP tlog-tiles): each with its length in two bytes, big-endian, before it. A leaf is
    /// four lines: `logapi/v1`, id, timestamp, commitment. It never changes; bundles of entries that retention has dropped are gone.
    /// </remarks>
    /// <response code="200">The leaves, packed with gzip when that is accepted.</response>
    [AcceptVerbs("GET", "HEAD", Route = "tile/entries/{**path}", Name = "getEntryBundle")]
    [FailsWith("not_found", "entry_damaged", "tree_damaged", "store_unavailable", "outcome_unknown")]
    [Streams(TileResult.MediaType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Entries(
        [FromRoute, Description("The bundle's number in groups of three digits, all but the last with an `x` before them; `.p/` and the width when it is not full.")]
        string path,
        CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new GetEntryBundleQuery(path), cancellationToken);
        return result.TryGet(out var bundle, out var error) ? new TileResult(bundle.Bytes, isPackable: true) : Refuse(error);
    }

    /// <summary>Read a tile of the tree</summary>
    /// <remarks>
    /// Up to 256 neighbouring hashes of the tree, 32 bytes each (C2SP tlog-tiles): of leaves at level 0, of 256 leaves each at
    /// level 1, and so on. A tile never changes, and is kept for ever. 404 for what no checkpoint covers yet.
    /// </remarks>
    /// <response code="200">The hashes.</response>
    [AcceptVerbs("GET", "HEAD", Route = "tile/{level}/{**path}", Name = "getTile")]
    [FailsWith("not_found", "tree_damaged", "store_unavailable", "outcome_unknown")]
    [Streams(TileResult.MediaType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Tile(
        [FromRoute, Description("The level, from 0.")] string level,
        [FromRoute, Description("The tile's number, spelt as that of an entry bundle.")] string path,
        CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new GetTileQuery(level, path), cancellationToken);
        return result.TryGet(out var tile, out var error) ? new TileResult(tile.Hashes, isPackable: false) : Refuse(error);
    }

    private static ProblemResult Refuse(Error error) => new(Failure.From(error));
}
