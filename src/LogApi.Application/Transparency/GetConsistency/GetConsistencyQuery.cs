using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Transparency.GetConsistency;

/// <summary>Asks for the proof that a tree continues an earlier one.</summary>
/// <param name="From">The size of the earlier tree.</param>
/// <param name="To">The size of the later one; null for the newest checkpoint's.</param>
public sealed record GetConsistencyQuery(long? From, long? To) : IRequest<Result<ConsistencyResponse>>;

/// <summary>The proof that a tree continues an earlier one.</summary>
public sealed record ConsistencyResponse
{
    /// <summary>The size of the earlier tree.</summary>
    /// <example>1000</example>
    public required long From { get; init; }

    /// <summary>The size of the later tree.</summary>
    /// <example>2000</example>
    public required long To { get; init; }

    /// <summary>The proof (RFC 6962 §2.1.2), each hash in base64; none when the sizes are the same.</summary>
    /// <example>["yOgo/TVsjaH1Mg5GI52XE5S5wKBxMVW+mY0+yhhnCXM="]</example>
    public required IReadOnlyList<string> Hashes { get; init; }
}
