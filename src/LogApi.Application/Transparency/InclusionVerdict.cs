using LogApi.Domain.Transparency;

namespace LogApi.Application.Transparency;

/// <summary>The verdict on an entry's place in the tree.</summary>
/// <param name="State">Whether it is in the tree.</param>
/// <param name="Head">The checkpoint that was looked at.</param>
/// <param name="Problem">What is wrong, in plain words, when it is not.</param>
/// <param name="IsTreeDamaged">Whether it is the tree that is wrong, which then says nothing about the entry.</param>
internal sealed record InclusionVerdict(InclusionState State, TreeHead Head, string? Problem = null, bool IsTreeDamaged = false)
{
    /// <summary>The hashes that lead from the entry's leaf to the root, when it is in the tree.</summary>
    public IReadOnlyList<TreeHash> Proof { get; init; } = [];

    /// <summary>The state as answers give it.</summary>
    public string Word => State switch
    {
        InclusionState.Included => "included",
        InclusionState.Pending => "pending",
        _ => "failed",
    };
}
