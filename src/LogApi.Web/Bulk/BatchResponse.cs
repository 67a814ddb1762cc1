using System.Text.Json.Serialization;

namespace LogApi.Web.Bulk;

/// <summary>What became of the items of a batch.</summary>
public sealed record BatchResponse
{
    /// <summary>How many entries are stored.</summary>
    /// <example>1</example>
    public required int Accepted { get; init; }

    /// <summary>How many are not, or not known to be.</summary>
    /// <example>1</example>
    public required int Rejected { get; init; }

    /// <summary>One result for each item, in their order; with <c>Prefer: return=minimal</c> only those of the rejected.</summary>
    public required IEnumerable<BatchItemResponse> Results { get; init; }
}

/// <summary>What became of one item: <c>id</c>, <c>seq</c> and <c>hash</c> when it is stored, otherwise <c>problem</c>.</summary>
public sealed record BatchItemResponse
{
    /// <summary>The item's place in the batch, from 0.</summary>
    /// <example>0</example>
    public required int Index { get; init; }

    /// <summary>The HTTP status that the item would have been answered with by itself; 200 when it is stored.</summary>
    /// <example>200</example>
    public required int Status { get; init; }

    /// <summary>The stored entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>Its place in the log, from 0.</summary>
    /// <example>41</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seq { get; init; }

    /// <summary>HMAC-SHA256 over <c>user_id|query|status|timestamp</c>, in hexadecimal.</summary>
    /// <example>b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hash { get; init; }

    /// <summary>Why it is not stored, or not known to be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ItemProblem Problem { get; init; } = null!; // Left out, never null: a schema that can be either breaks client generators.
}

/// <summary>Why one item of a batch is not stored, in the form of a problem (RFC 9457).</summary>
public sealed record ItemProblem
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
    /// <example>status must consist of A-Z a-z 0-9 _ . - only.</example>
    public required string Detail { get; init; }

    /// <summary>A stable word for programs to branch on.</summary>
    /// <example>invalid_request</example>
    public required string Code { get; init; }

    /// <summary>On 400 only: each offending field, and what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>On <c>outcome_unknown</c> only: the id under which the entry may have been stored.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }
}
