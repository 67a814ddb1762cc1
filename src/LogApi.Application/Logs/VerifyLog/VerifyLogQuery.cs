using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Logs.VerifyLog;

/// <summary>Asks whether a stored entry still is what was written.</summary>
/// <param name="LogId">The entry's UUID, as the caller gave it.</param>
public sealed record VerifyLogQuery(string? LogId) : IRequest<Result<VerifyLogResponse>>;

/// <summary>The answer: which entry, and the verdict.</summary>
public sealed record VerifyLogResponse
{
    /// <summary>The entry's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string LogId { get; init; }

    /// <summary>The verdict.</summary>
    public required VerificationResponse Verification { get; init; }
}

/// <summary>The verdict on a stored entry.</summary>
public sealed record VerificationResponse
{
    /// <summary>Whether the entry is what was written, byte for byte, and nothing speaks against it being what was logged.</summary>
    /// <example>true</example>
    public required bool Valid { get; init; }

    /// <summary>HMAC-SHA256 over <c>log_id|hash</c>, in hexadecimal; null when the entry is not valid, or redacted.</summary>
    /// <example>6f5b5b40be294b7bdb8ee4836067673d31182f939d9508ef44c15073068b5f3b</example>
    public required string? VerificationToken { get; init; }

    /// <summary>What is wrong with the entry, in plain words; null when it is valid.</summary>
    public required string? Error { get; init; }

    /// <summary>Whether the entry's `hash` is right; null when there is nothing left to hash.</summary>
    /// <example>true</example>
    public required bool? HashValid { get; init; }

    /// <summary>
    /// `included`: the entry, as it is stored, is in the tree of the newest signed checkpoint. `pending`: no checkpoint covers it
    /// yet, which takes a second or two. `failed`: it is not in the tree, or that can't be proven; `error` says why.
    /// </summary>
    /// <example>included</example>
    public required string Inclusion { get; init; }

    /// <summary>The entry's place in the tree, which is its `seq`; null when it is not known.</summary>
    /// <example>41</example>
    public required long? LogIndex { get; init; }

    /// <summary>How many entries the newest checkpoint covers.</summary>
    /// <example>70000</example>
    public required long TreeSize { get; init; }

    /// <summary>Whether the entry's content was erased on request. What is left of it still is in the tree.</summary>
    /// <example>false</example>
    public required bool Redacted { get; init; }
}
