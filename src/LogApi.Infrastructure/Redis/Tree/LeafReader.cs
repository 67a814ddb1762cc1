using System.Runtime.CompilerServices;
using LogApi.Domain.Transparency;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Makes the leaf hashes of stored entries, each of which is held against the secret first.</summary>
internal sealed class LeafReader(LeafSource source, EntryCheck check, StoredTiles tiles)
{
    private const int ReadAhead = 4;

    /// <summary>Reads the leaves of entries in order, up to the first that nothing may be signed over.</summary>
    /// <param name="db">The store.</param>
    /// <param name="tree">The tree that they are for.</param>
    /// <param name="count">How many, from the tree's end on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<NewLeaf> ReadAsync(
        IDatabase db, TreeState tree, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new Queue<(BundleRun Run, Task<LeafBundle> Content)>(ReadAhead);
        foreach (var run in BundleRun.Cover(tree.Size, count).Select(run => (BundleRun?)run).Concat(Enumerable.Repeat<BundleRun?>(null, ReadAhead)))
        {
            if (run is { } wanted) ahead.Enqueue((wanted, source.ReadAsync(wanted, cancellationToken)));
            if (run is not null && ahead.Count < ReadAhead || !ahead.TryDequeue(out var next)) continue;
            var content = await next.Content;
            for (var place = next.Run.First; place <= next.Run.Last; place++)
            {
                var sequence = (next.Run.Bundle * RedisKeys.BundleSize) + place;
                var problem = check.Judge(content, place, out var leaf);
                if (problem is not null && sequence < tree.Base)
                {
                    yield return new NewLeaf(sequence, await FindLostAsync(db, tree, sequence), Problem: null, IsLost: true);
                    continue;
                }

                yield return new NewLeaf(sequence, leaf, problem, IsLost: false);
                if (problem is not null) yield break;
            }
        }
    }

    /// <summary>Judges an entry once more, from the store itself.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public async Task<EntryProblem?> JudgeAsync(long sequence, CancellationToken cancellationToken)
    {
        var run = BundleRun.Cover(sequence, 1)[0];
        return check.Judge(await source.ReadAsync(run, cancellationToken), run.First, out _);
    }

    private async Task<TreeHash> FindLostAsync(IDatabase db, TreeState tree, long sequence)
    {
        foreach (var origin in tree.FormerOrigins)
        {
            if (await tiles.FindFormerLeafAsync(db, origin, sequence) is { } former) return former;
        }

        return TreeHash.OfLeaf(LogLeaf.EncodeLost(sequence));
    }
}

/// <summary>The leaf of an entry that is not in the tree yet.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="Hash">The leaf's hash.</param>
/// <param name="Problem">Why nothing may be signed over it; null when it may.</param>
/// <param name="IsLost">Whether the entry is gone or damaged, and the hash is not made from it.</param>
internal readonly record struct NewLeaf(long Sequence, TreeHash Hash, EntryProblem? Problem, bool IsLost);
