using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Holds the store's tree against the signature, against the log, and against what was published before.</summary>
internal sealed class TreeCheck(RedisConnection connection, ICheckpointSigner signer)
{
    private const string WentBack = "the store lost its end, or an older copy of it was restored";

    private readonly StoredTiles _tiles = new(connection);

    /// <summary>Says why a tree must not be added to by this process, or nothing.</summary>
    /// <param name="state">The tree.</param>
    /// <param name="log">The log's epoch and end, read after the tree.</param>
    /// <param name="witness">What was published.</param>
    /// <param name="last">The tree that was found right last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TreeProblem?> FindAsync(
        TreeState state, LogHead log, TreeWitness witness, TreeState? last, CancellationToken cancellationToken)
    {
        if (state.Origin.Length > 0 && state.Origin != signer.Key.Name)
            return Own($"The store's log is named {state.Origin}, this process's {signer.Key.Name} (LOG_ORIGIN, LOG_SIGNING_KEY).");
        if (state.Refused.Length > 0) return new TreeProblem(state.Refused, IsOfTheStore: true);
        if (!state.Exists && witness.Seen is { Size: > 0 } gone)
            return Stored($"The store has no tree, but the checkpoint over {gone.Size} entries was published: {WentBack}.");

        // What is only about the tree can't have changed with it.
        var isNew = last is null || !state.IsSameAs(last);
        var problem = (isNew ? FindInside(state) : null) ?? FindOverLog(state, log, witness);
        if (problem is not null) return problem;
        return isNew ? await FindAgainstAsync(state, witness, cancellationToken) : null;
    }

    private static TreeProblem? FindOverLog(TreeState state, LogHead log, TreeWitness witness)
    {
        if (state.Size > 0 && log.Epoch != state.Epoch)
            return Stored($"The numbering of the log was started anew, but {state.Size} entries of the former one are signed: {WentBack}.");
        var signed = Math.Max(state.Size, witness.Signed.Select(checkpoint => checkpoint.Size).DefaultIfEmpty().Max());
        return log.Next < signed
            ? Stored($"The log ends at {log.Next} entries, but {signed} are signed: {WentBack}.")
            : null;
    }

    private TreeProblem? FindInside(TreeState state)
    {
        if (state.Size == 0) return null;
        if (state.Size < 0 || !TreeEdge.TryCreate(state.Size, state.Partials, out var edge) || edge.Root().ToString() != state.RootText)
            return Changed("its right edge does not give its root.");
        if (state.ReadCheckpoint() is not { } published)
            return Changed("its checkpoint can't be read.");
        if (published.Checkpoint != new Checkpoint(state.Origin, state.Size, edge.Root()))
            return Changed("its checkpoint is another tree's.");
        return signer.IsSigned(published.Note)
            ? null
            : Own("The published checkpoint was not signed with this process's key (LOG_SIGNING_KEY), or was changed in the store.");
    }

    private async Task<TreeProblem?> FindAgainstAsync(TreeState state, TreeWitness witness, CancellationToken cancellationToken)
    {
        if (witness.Seen is { } seen && state.Size < seen.Size)
            return Stored($"The store's tree is over {state.Size} entries, but a checkpoint over {seen.Size} was published: {WentBack}.");
        foreach (var known in witness.Signed.Prepend(witness.Seen).OfType<Checkpoint>().Where(known => known.Size > 0 && known.Size <= state.Size))
        {
            if (await IsExtendedAsync(known, state, cancellationToken)) continue;
            return Stored(
                $"The store's tree over {state.Size} entries does not continue the signed one over {known.Size}: entries were changed, or lost.");
        }

        return null;
    }

    private async Task<bool> IsExtendedAsync(Checkpoint known, TreeState state, CancellationToken cancellationToken)
    {
        if (!TreeHash.TryParse(state.RootText, out var root)) return false;
        if (known.Size == state.Size) return known.Root == root;
        try
        {
            var proof = await TileProof.OfConsistencyAsync(_tiles, known.Size, state.Size, cancellationToken);
            return TreeProof.IsConsistent(known.Size, state.Size, [.. proof], known.Root, root);
        }
        catch (MissingTileException)
        {
            return false;
        }
    }

    private static TreeProblem Stored(FormattableString reason) => new(FormattableString.Invariant(reason), IsOfTheStore: true);

    private static TreeProblem Changed(string how) => new("The published tree was changed in the store: " + how, IsOfTheStore: true);

    private static TreeProblem Own(string reason) => new(reason, IsOfTheStore: false);
}
