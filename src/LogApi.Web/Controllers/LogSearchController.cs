using System.ComponentModel;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.ExportLogs;
using LogApi.Application.Logs.GetLog;
using LogApi.Application.Logs.SearchLogs;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using LogApi.Web.Search;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Entries: reading and searching.</summary>
[AllowAnonymous]
[Route("api/v1/logs")]
[Tags("Logs")]
public sealed class LogSearchController(IMediator mediator) : ApiController
{
    private static readonly string[] SearchNames = [.. LogQueryParameters.Search.Select(parameter => parameter.Name)];
    private static readonly string[] ExportNames = [.. LogQueryParameters.Export.Select(parameter => parameter.Name)];

    /// <summary>Read an entry</summary>
    /// <remarks>
    /// Gives the stored entry with its `seq`. Its `ETag` changes only when the stored bytes do: with `If-None-Match` the answer is
    /// then 304 without a body. The entry is given as it is stored; GET /api/v1/verify/{log_id} says whether it was changed. Of a
    /// redacted entry there is only what is left.
    /// </remarks>
    /// <response code="200">The entry.</response>
    [HttpGet("{id:regex(^(?!batch$))}", Name = "getLog")]
    [FailsWith("invalid_request", "not_found", "entry_dropped", "entry_damaged", "store_unavailable", "outcome_unknown")]
    [ResponseHeader("ETag", "Names the stored bytes; strong.")]
    [TakesIfNoneMatch]
    [ProducesResponseType<ServedLogResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Get([FromRoute, Description("The entry's UUID.")] string id, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new GetLogQuery(id), cancellationToken);
        return result.TryGet(out var entry, out var error) ? new EntryResult(entry) : Refuse(error);
    }

    /// <summary>Search for entries</summary>
    /// <remarks>
    /// Gives the entries that meet all conditions, newest first unless told, page by page: send `next_cursor` as `cursor`, with
    /// the same conditions, for the next page; the `Link` header has its address. Entries that are added meanwhile do not move
    /// the pages. Every entry that was acknowledged before the request is found. A page looks through a bounded part of the log:
    /// when few entries match it can have fewer than `limit`, or none, while `has_more` is true. Of a redacted entry only the time
    /// is known: no other condition is met by it.
    /// </remarks>
    /// <response code="200">A page of entries.</response>
    [HttpGet(Name = "searchLogs")]
    [FailsWith("invalid_request", "store_unavailable", "outcome_unknown")]
    [ResponseHeader("Link", "With `rel=\"next\"`, the address of the next page; missing when there are no more entries now.")]
    [TakesSearchQuery]
    [ProducesResponseType<LogSearchResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Search(CancellationToken cancellationToken)
    {
        var query = new LogQuery(Request.QueryString, SearchNames);
        var filter = query.Filter();
        var limit = query.Number("limit", $"{SearchLogsQuery.MinLimit} to {SearchLogsQuery.MaxLimit}") ?? LogQueryParameters.DefaultLimit;
        var request = new SearchLogsQuery(
            filter, query.Text("order"), (int)Math.Clamp(limit, int.MinValue, int.MaxValue), query.Text("cursor"));
        if (query.Error is { } malformed) return Refuse(malformed);

        var result = await mediator.Send(request, cancellationToken);
        return result.TryGet(out var page, out var error) ? new SearchPageResult(page) : Refuse(error);
    }

    /// <summary>Export entries</summary>
    /// <remarks>
    /// Streams all entries that meet the conditions, of those that are stored when it begins, oldest first unless told.
    ///
    /// `ndjson`: an entry a line, as GET /api/v1/logs gives it. A line with `"type":"gap"` stands in place of an entry that can't
    /// be given out because the store was changed. The last line is `{"type":"end","count","has_more","next_cursor"}`; without it
    /// the transfer broke off.
    ///
    /// `csv`: RFC 4180 in UTF-8 with a header line; `attributes` is a JSON object and `error` says why an entry can't be given
    /// out, or that it is redacted. A text that a spreadsheet could take for a formula, and one that begins with an apostrophe, has an apostrophe put
    /// before it. A transfer that broke off ends without the last chunk of HTTP, which clients report.
    ///
    /// With `proofs=true` each entry has its place `log_index`, the `salt` of its leaf and its `inclusion` proof, and the last line
    /// the signed `checkpoint` that all proofs lead to. Entries that it does not cover yet are not in the export. The file
    /// proves itself: `dotnet run --project src/LogApi.Web -- verify FILE --vkey VKEY` checks it without this service.
    ///
    /// To resume after a break, send `after` with the last `seq`; after a `limit`, too. To get what is added later, send as
    /// `cursor` what the last line, or the header `LogApi-Next-Cursor` of an export without `limit`, gives.
    /// </remarks>
    /// <response code="200">The entries.</response>
    [HttpGet("export", Name = "exportLogs")]
    [FailsWith("invalid_request", "tree_damaged", "store_unavailable", "not_ready", "outcome_unknown")]
    [ResponseHeader("LogApi-Next-Cursor", "What to send as `cursor` for entries that are added later; oldest first and without `limit` only.")]
    [TakesExportQuery]
    [Streams(ExportFormats.NdjsonType, ExportFormats.CsvType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Export(CancellationToken cancellationToken)
    {
        var query = new LogQuery(Request.QueryString, ExportNames);
        var format = query.Format();
        var request = new ExportLogsQuery(
            query.Filter(), query.Text("order"), query.Number("limit", "1 or more"), query.Text("cursor"), query.Number("after", "0 or more"))
        {
            Proofs = query.Proofs(format),
        };
        if (query.Error is { } malformed) return Refuse(malformed);

        var result = await mediator.Send(request, cancellationToken);
        return result.TryGet(out var export, out var error) ? new ExportResult(export, format, request.Proofs) : Refuse(error);
    }

    private static ProblemResult Refuse(Error error) => new(Failure.From(error));
}
