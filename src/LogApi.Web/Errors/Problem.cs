using System.Text.Json.Serialization;
using LogApi.Web.Bulk;

namespace LogApi.Web.Errors;

/// <summary>A failure as it is served: RFC 9457 problem details, <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>The kind of failure, as an address that explains it.</summary>
    /// <example>/problems/invalid_request</example>
    public required string Type { get; init; }

    /// <summary>What went wrong, the same for every failure of this kind.</summary>
    /// <example>The request is not valid.</example>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    /// <example>400</example>
    public required int Status { get; init; }

    /// <summary>What went wrong this time, and what to do.</summary>
    /// <example>status must consist of A-Z a-z 0-9 _ . - only</example>
    public required string Detail { get; init; }

    /// <summary>The path of the request.</summary>
    /// <example>/api/v1/logs</example>
    public required string Instance { get; init; }

    /// <summary>A stable word for programs to branch on.</summary>
    /// <example>invalid_request</example>
    public required string Code { get; init; }

    /// <summary>What the service's log calls this request.</summary>
    /// <example>4bf92f3577b34da6a3ce929d0e0e4736</example>
    public required string TraceId { get; init; }

    /// <summary>On 400 only: each offending field, and what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>On <c>outcome_unknown</c> of a write only: the id under which the entry may have been stored.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    /// <summary>On <c>audit_running</c> only: the audit that is under way.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuditId { get; init; }

    /// <summary>On the readiness check only: the product that the entries are stored in.</summary>
    /// <example>redis</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Store { get; init; }

    /// <summary>On the readiness check only: what an acknowledged entry survives.</summary>
    /// <example>fsync-always</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Durability { get; init; }

    /// <summary>On a batch only: the index of the first item that was not read.</summary>
    /// <example>2</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? UnreadFrom { get; init; }

    /// <summary>On a batch only: how many entries are stored.</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Accepted { get; init; }

    /// <summary>On a batch only: how many of the items that were read are not stored, or not known to be.</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rejected { get; init; }

    /// <summary>On a batch only: what became of each item that was read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<BatchItemResponse>? Results { get; init; }
}
