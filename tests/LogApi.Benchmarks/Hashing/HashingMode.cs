using System.Diagnostics;
using System.Security.Cryptography;
using LogApi.Domain.Transparency;

namespace LogApi.Benchmarks.Hashing;

/// <summary>
/// What the tree costs on one core, without any store: hashing leaves, growing a tree, checking proofs; each next to as many bare
/// SHA-256 of as many bytes, in turn with it.
/// </summary>
internal static class HashingMode
{
    /// <summary>The options that it knows.</summary>
    public static readonly string[] Names = ["rounds", "count"];

    private const int LeafLength = 121;

    /// <summary>Runs the mode.</summary>
    public static Task<int> RunAsync(CommandLine options)
    {
        var (rounds, count) = (options.Number("rounds", 5), options.Number("count", 1_000_000));
        var leaf = RandomNumberGenerator.GetBytes(LeafLength);
        Report("leaf hashes", rounds, count, LeafLength + 1, () => HashLeaves(leaf, count));
        Report("leaves added to a tree", rounds, count, LeafLength + 1, () => GrowTree(leaf, count));
        Report("inclusion proofs of a tree of 1,048,576 checked", rounds, count / 20, 20 * 65, () => CheckProofs(count / 20));
        return Task.FromResult(0);
    }

    private static void Report(string what, int rounds, int count, int bytes, Action run)
    {
        var runs = new List<(double Rate, double Ratio)>(rounds);
        run();
        for (var round = 0; round < rounds; round++)
        {
            var bare = Time(() => HashBare(bytes, count));
            var taken = Time(run);
            runs.Add((count / taken.TotalSeconds, bare / taken));
        }

        Console.WriteLine($"{what}: {Median.Of(runs, row => row.Rate):N0}/s, {Median.Of(runs, row => row.Ratio):0.00} of a bare SHA-256 of {bytes} bytes");
    }

    private static void HashLeaves(byte[] leaf, int count)
    {
        for (var i = 0; i < count; i++) TreeHash.OfLeaf(leaf);
    }

    private static void GrowTree(byte[] leaf, int count)
    {
        var edge = TreeEdge.CreateEmpty();
        for (var i = 0; i < count; i++) edge.Append(TreeHash.OfLeaf(leaf), static (_, _) => { });
        if (edge.Size != count) throw new InvalidOperationException("A leaf is missing.");
    }

    private static void CheckProofs(int count)
    {
        const long size = 1 << 20;
        var leaf = TreeHash.OfLeaf([]);
        var proof = Enumerable.Repeat(leaf, 20).ToArray();
        var root = leaf;
        foreach (var sibling in proof) root = TreeHash.OfNode(root, sibling);
        for (var i = 0; i < count; i++)
        {
            if (!TreeProof.IsIncluded(0, size, leaf, proof, root)) throw new InvalidOperationException("A proof does not hold.");
        }
    }

    private static void HashBare(int bytes, int count)
    {
        var data = new byte[bytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < count; i++) SHA256.HashData(data, hash);
    }

    private static TimeSpan Time(Action run)
    {
        var started = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(started);
    }
}
