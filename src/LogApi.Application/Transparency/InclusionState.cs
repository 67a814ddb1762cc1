namespace LogApi.Application.Transparency;

/// <summary>Whether an entry is in the tree.</summary>
internal enum InclusionState
{
    /// <summary>No checkpoint covers its place yet.</summary>
    Pending,

    /// <summary>It is: a proof leads from it to the root that is signed.</summary>
    Included,

    /// <summary>It is not, or that can't be proven.</summary>
    Failed,
}
