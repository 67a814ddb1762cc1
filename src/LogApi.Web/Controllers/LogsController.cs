using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LogApi.Application.Logs;
using LogApi.Application.Logs.CreateLog;
using LogApi.Application.Logs.RedactLog;
using LogApi.Application.Logs.VerifyEntry;
using LogApi.Application.Logs.VerifyLog;
using LogApi.Domain.Entries;
using LogApi.Web.Authentication;
using LogApi.Web.OpenApi;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Entries: writing, redacting and verifying.</summary>
[Route("api/v1")]
[Tags("Logs")]
public sealed class LogsController(IMediator mediator) : ApiController
{
    /// <summary>Write an entry</summary>
    /// <remarks>
    /// Stores an entry for the session's user and gives it back with its id, time and hash. The answer comes once the store has
    /// acknowledged the entry.
    ///
    /// An entry may bring its own `id`. Sent again, with the same content, it is not stored again: the answer is the entry that
    /// was stored first. With other content the answer is 409.
    /// </remarks>
    /// <response code="200">The stored entry.</response>
    [HttpPut("logs", Name = "createLog")]
    [FailsWith("id_conflict", "entry_dropped", "request_in_progress", "request_record_damaged", "idempotency_key_reused", "integrity", "overloaded", "outcome_unknown")]
    [Consumes("application/json")]
    [ProducesResponseType<LogEntryResponse>(StatusCodes.Status200OK, "application/json")]
    [ResponseHeader(IdempotencyHeaders.Replayed, IdempotencyHeaders.ReplayedDescription)]
    public async Task<IActionResult> Create(
        [FromBody] CreateLogRequest request,
        [FromHeader(Name = IdempotencyHeaders.Key), Description(IdempotencyHeaders.KeyDescription)] string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var command = new CreateLogCommand(SessionIdentity.Of(User).UserId.Value, request.Query, request.Status)
        {
            Id = request.Id,
            OccurredAt = request.OccurredAt,
            Attributes = request.Attributes,
            Key = IdempotencyHeaders.Read(idempotencyKey, Request),
        };
        var result = await mediator.Send(command, cancellationToken);
        if (result.TryGet(out var entry, out _) && entry.IsReplay) IdempotencyHeaders.SayReplayed(Response);
        return Answer(result);
    }

    /// <summary>Redact an entry</summary>
    /// <remarks>
    /// Erases the content of an entry for good: who acted, what was run and all else but its id, its time and the commitment that
    /// its leaf in the tree holds, so that every proof of the entry, and of all others, still holds. The redaction is an entry of
    /// its own, of the user `logapi:redaction` with the status `REDACTION`; its attributes have the session's user (`by`), the entry
    /// and the reason. It can't be redacted, so put nothing personal into the reason. Sent again, the answer is the same, and nothing
    /// is logged again.
    /// </remarks>
    /// <response code="200">What is left of the entry.</response>
    [HttpPost("logs/{id}/redact", Name = "redactLog")]
    [FailsWith("not_found", "not_redactable", "entry_dropped", "entry_damaged", "store_unavailable", "integrity", "overloaded", "outcome_unknown")]
    [Consumes("application/json")]
    [ProducesResponseType<RedactedLogResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Redact(
        [FromRoute, Description("The entry's UUID.")] string id, [FromBody] RedactLogRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Answer(await mediator.Send(new RedactLogCommand(SessionIdentity.Of(User).UserId.Value, id, request.Reason), cancellationToken));
    }

    /// <summary>Verify an entry</summary>
    /// <remarks>
    /// Says whether the stored entry still is what was written, by its hash, and what was logged, by the signed tree. An entry that
    /// was changed in the store answers 200 with `valid: false` and what is wrong with it.
    /// </remarks>
    /// <response code="200">The verdict.</response>
    [HttpGet("verify/{log_id}", Name = "verifyLog")]
    [FailsWith("invalid_request", "not_found", "entry_dropped", "store_unavailable", "outcome_unknown")]
    [AllowAnonymous]
    [ProducesResponseType<VerifyLogResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Verify(
        [FromRoute(Name = "log_id"), Description("The entry's UUID.")] string logId, CancellationToken cancellationToken) =>
        Answer(await mediator.Send(new VerifyLogQuery(logId), cancellationToken));

    /// <summary>Verify an entry that you have</summary>
    /// <remarks>
    /// Takes an entry as you have it, from an answer or an export, and says whether it is the one that was logged under its id,
    /// and where it differs from the one that is stored now. With the `salt` of an export with proofs, that can be told even
    /// when the stored entry was changed, redacted, dropped or removed.
    /// </remarks>
    /// <response code="200">The verdict.</response>
    [HttpPost("verify", Name = "verifyEntry")]
    [FailsWith("not_found", "entry_dropped", "store_unavailable", "outcome_unknown")]
    [AllowAnonymous]
    [Consumes("application/json")]
    [ProducesResponseType<VerifyEntryResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> VerifyGiven([FromBody] VerifyEntryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(request.ToQuery(), cancellationToken));
    }
}

/// <summary>An entry to write.</summary>
public sealed record CreateLogRequest
{
    /// <summary>
    /// The entry's UUID, by which it can be sent again without being stored twice; the service makes one when there is none.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>What was run: 1 character to 64 KiB of UTF-8, any text but lone surrogates.</summary>
    /// <example>SELECT * FROM users WHERE id = 123</example>
    [Required]
    [StringLength(QueryText.MaxBytes, MinimumLength = 1)]
    public string? Query { get; init; }

    /// <summary>With which outcome: 1 to 64 of `A-Z a-z 0-9 _ . -`.</summary>
    /// <example>SUCCESS</example>
    [Required]
    [StringLength(LogStatus.MaxLength, MinimumLength = 1)]
    [RegularExpression("^[A-Za-z0-9_.-]+$")]
    public string? Status { get; init; }

    /// <summary>When it happened, as you know it: RFC 3339, with `Z` or an offset; cut to microseconds.</summary>
    /// <example>2026-03-01T11:59:59.5Z</example>
    public string? OccurredAt { get; init; }

    /// <summary>
    /// What else there is to say: up to 32 pairs of a key (1 to 64 characters, no control characters) and a text (up to 1,024
    /// characters).
    /// </summary>
    /// <example>{"client":"backup-7","ticket":"OPS-4711"}</example>
    public IReadOnlyDictionary<string, string?>? Attributes { get; init; }
}

/// <summary>Why an entry is redacted.</summary>
public sealed record RedactLogRequest
{
    /// <summary>Why: 1 to 1,024 characters. It stays in the log, so it must not say what is to be erased.</summary>
    /// <example>Erasure request DSR-2026-114</example>
    [Required]
    [StringLength(RedactionReason.MaxLength, MinimumLength = 1)]
    public string? Reason { get; init; }
}
