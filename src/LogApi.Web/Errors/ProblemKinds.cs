using System.Collections.Frozen;

namespace LogApi.Web.Errors;

/// <summary>Every kind of failure of this service. The one place where codes are given out.</summary>
internal static class ProblemKinds
{
    public static readonly ProblemKind InvalidRequest = new(
        "invalid_request", StatusCodes.Status400BadRequest, "The request is not valid.",
        "One or more fields break a rule; `errors` names each field and says what it accepts. Correct them before sending again.");

    public static readonly ProblemKind MalformedJson = new(
        "malformed_json", StatusCodes.Status400BadRequest, "The body is not valid JSON.",
        "`detail` says where the JSON ends to be valid.");

    public static readonly ProblemKind BadRequest = new(
        "bad_request", StatusCodes.Status400BadRequest, "The request is not valid HTTP.",
        "The request breaks a rule of HTTP itself, such as a body that ends too early.");

    public static readonly ProblemKind Unauthenticated = new(
        "unauthenticated", StatusCodes.Status401Unauthorized, "A session is required.",
        "Log in at POST /api/v1/login and send the token as `Authorization: Bearer <token>`.");

    public static readonly ProblemKind InvalidToken = new(
        "invalid_token", StatusCodes.Status401Unauthorized, "The session is not valid.",
        "The token was never given out, its session has ended, or it has expired. Log in again.");

    public static readonly ProblemKind Forbidden = new(
        "forbidden", StatusCodes.Status403Forbidden, "The session may not do this.",
        "The session is valid, but its user may not do this.");

    public static readonly ProblemKind OriginNotAllowed = new(
        "origin_not_allowed", StatusCodes.Status403Forbidden, "Pages of this origin may not connect.",
        "The request's `Origin` is not among those the operator allows in CORS_ORIGINS.");

    public static readonly ProblemKind NotFound = new(
        "not_found", StatusCodes.Status404NotFound, "There is nothing under this id.",
        "What was asked for was never stored.");

    public static readonly ProblemKind UnknownPath = new(
        "unknown_path", StatusCodes.Status404NotFound, "There is no such path.",
        "GET / lists the endpoints.");

    public static readonly ProblemKind ProofPending = new(
        "proof_pending", StatusCodes.Status404NotFound, "There is no proof yet.",
        "The entry is stored, and no checkpoint covers it yet. Ask again after the time in `Retry-After`.");

    public static readonly ProblemKind NothingToAudit = new(
        "nothing_to_audit", StatusCodes.Status404NotFound, "There is nothing to audit yet.",
        "No checkpoint was signed so far, which takes a second or two from the first entry on. Ask again after the time in `Retry-After`.");

    public static readonly ProblemKind MethodNotAllowed = new(
        "method_not_allowed", StatusCodes.Status405MethodNotAllowed, "This path does not take this method.",
        "The `Allow` header lists the methods it takes.");

    public static readonly ProblemKind RequestTimeout = new(
        "request_timeout", StatusCodes.Status408RequestTimeout, "The body came too slowly.",
        "Nothing was stored, but for the entries of a batch that its `results` name. Send the request again.");

    public static readonly ProblemKind IdConflict = new(
        "id_conflict", StatusCodes.Status409Conflict, "The id is another entry's.",
        "An entry of other content is stored under this id, or one that was redacted, or whose record is gone from the store. Nothing was stored. "
        + "Give each entry an id of its own.");

    public static readonly ProblemKind AuditRunning = new(
        "audit_running", StatusCodes.Status409Conflict, "An audit is under way.",
        "`audit_id` names it. One is under way at a time; wait until it has ended.");

    public static readonly ProblemKind RequestInProgress = new(
        "request_in_progress", StatusCodes.Status409Conflict, "The same request is under way.",
        "A request with this `Idempotency-Key` has not been answered yet. Send it again after the time in `Retry-After`.");

    public static readonly ProblemKind RequestRecordDamaged = new(
        "request_record_damaged", StatusCodes.Status409Conflict, "What is remembered of the request can't be trusted.",
        "What the store holds of this `Idempotency-Key` was changed, or was written under a secret that the service no longer has. "
        + "Whether the request was carried out can't be told from it, so nothing was stored now. Look for its entries before sending "
        + "it again with another key.");

    public static readonly ProblemKind NotRedactable = new(
        "not_redactable", StatusCodes.Status409Conflict, "The entry can't be redacted.",
        "By this entry the log tells what was done to it: a redaction, what retention has dropped, or that it was started anew. It stays "
        + "as it is.");

    public static readonly ProblemKind EntryDropped = new(
        "entry_dropped", StatusCodes.Status410Gone, "The entry is no longer kept.",
        "It was stored, and dropped since because of its age or the number of entries, as the operator has set. It does not come back.");

    public static readonly ProblemKind BodyTooLarge = new(
        "body_too_large", StatusCodes.Status413PayloadTooLarge, "The body is too large.",
        "`detail` gives the limit. Nothing was stored, but for the entries of a batch that its `results` name.");

    public static readonly ProblemKind UnsupportedMediaType = new(
        "unsupported_media_type", StatusCodes.Status415UnsupportedMediaType, "The body's media type is not accepted.",
        "Send JSON in UTF-8 with `Content-Type: application/json`.");

    public static readonly ProblemKind UnsupportedEncoding = new(
        "unsupported_encoding", StatusCodes.Status415UnsupportedMediaType, "The body's content encoding is not accepted.",
        "Send it plain, or in one of the encodings that `Accept-Encoding` lists.");

    public static readonly ProblemKind IdempotencyKeyReused = new(
        "idempotency_key_reused", StatusCodes.Status422UnprocessableEntity, "The idempotency key is another request's.",
        "A request with another body was sent with this `Idempotency-Key`. Use a new key for a new request.");

    public static readonly ProblemKind UpgradeRequired = new(
        "upgrade_required", StatusCodes.Status426UpgradeRequired, "This path takes WebSocket connections only.",
        "Connect with a WebSocket client (RFC 6455, version 13), at a `ws://` or `wss://` address.");

    public static readonly ProblemKind Internal = new(
        "internal_error", StatusCodes.Status500InternalServerError, "The service failed.",
        "A fault of this service. Its log has the details under the `trace_id`.");

    public static readonly ProblemKind EntryDamaged = new(
        "entry_damaged", StatusCodes.Status500InternalServerError, "The stored entry is damaged.",
        "The entry was stored, but its record was changed or removed in the store. GET /api/v1/verify/{log_id} says more.");

    public static readonly ProblemKind TreeDamaged = new(
        "tree_damaged", StatusCodes.Status500InternalServerError, "The stored tree is damaged.",
        "What the store holds of the published tree was changed or removed; `detail` names it. GET /api/v1/transparency says whether "
        + "the service still signs.");

    public static readonly ProblemKind StoreUnavailable = new(
        "store_unavailable", StatusCodes.Status503ServiceUnavailable, "The store cannot be reached.",
        "Nothing was stored or changed. Send the request again after the time in `Retry-After`.");

    public static readonly ProblemKind Integrity = new(
        "integrity", StatusCodes.Status503ServiceUnavailable, "The log can't be continued provably.",
        "What the store holds does not go with what was signed, or with this process's settings: nothing is signed, and nothing was "
        + "stored, until the operator has acted. GET /health/ready says what was found.");

    public static readonly ProblemKind Overloaded = new(
        "overloaded", StatusCodes.Status503ServiceUnavailable, "There is more to store than can be waited for.",
        "Nothing was stored. Send the request again after the time in `Retry-After`.");

    public static readonly ProblemKind NotReady = new(
        "not_ready", StatusCodes.Status503ServiceUnavailable, "Live entries can't be served yet, or not any more.",
        "The process is starting, stopping, or following a log that was started anew. Connect again after the time in `Retry-After`.");

    public static readonly ProblemKind TooManyConnections = new(
        "too_many_connections", StatusCodes.Status503ServiceUnavailable, "There are as many live connections as may be.",
        "The process has reached LIVE_MAX_CONNECTIONS. Connect again after the time in `Retry-After`, perhaps to another process.");

    public static readonly ProblemKind OutcomeUnknown = new(
        "outcome_unknown", StatusCodes.Status503ServiceUnavailable, "The store's answer was lost.",
        "The call may or may not have taken effect, once. For an entry, GET /api/v1/verify/{log_id} with the `log_id` of the "
        + "answer tells, and sending the entry again with that `id` stores it once; sending it again without may store it twice.");

    /// <summary>All kinds, in the order of their status.</summary>
    public static readonly IReadOnlyList<ProblemKind> All =
    [
        InvalidRequest, MalformedJson, BadRequest, Unauthenticated, InvalidToken, Forbidden, OriginNotAllowed, NotFound,
        UnknownPath, ProofPending, NothingToAudit, MethodNotAllowed, RequestTimeout, IdConflict, AuditRunning,
        RequestInProgress, RequestRecordDamaged, NotRedactable, EntryDropped, BodyTooLarge, UnsupportedMediaType,
        UnsupportedEncoding, IdempotencyKeyReused, UpgradeRequired, Internal, EntryDamaged, TreeDamaged,
        StoreUnavailable, Integrity, Overloaded, NotReady, TooManyConnections, OutcomeUnknown,
    ];

    private static readonly FrozenDictionary<string, ProblemKind> ByCode = All.ToFrozenDictionary(kind => kind.Code, StringComparer.Ordinal);

    /// <summary>Finds a kind by its code.</summary>
    public static ProblemKind? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);
}
