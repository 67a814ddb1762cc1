using System.Buffers.Binary;
using System.Text;
using LogApi.Domain.Transparency;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>Somebody outside who asks for the checkpoint again and again, and keeps all that were ever served.</summary>
internal sealed class CheckpointWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly List<Checkpoint> _seen = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>All that were served, in the order they came.</summary>
    public IReadOnlyList<Checkpoint> Seen
    {
        get
        {
            lock (_lock) return [.. _seen];
        }
    }

    /// <summary>Asks whichever of some services the function gives, from now on.</summary>
    public void Start(Func<ServerProcess> server) => _watching = WatchAsync(server);

    /// <summary>Waits until a checkpoint over so many entries was served.</summary>
    public Task WaitAsync(long size, TimeSpan timeout) =>
        Eventually.BecomesTrueAsync(() => Seen.Any(checkpoint => checkpoint.Size >= size), timeout, $"a checkpoint over {size} entries");

    /// <summary>
    /// Holds all that were served against the leaves that are served at the end: each is the root of a beginning of them, so each
    /// extends the ones before.
    /// </summary>
    /// <returns>The ids in the leaves, in their order.</returns>
    public async Task<IReadOnlyList<string>> AssertIsOneLineAsync(ServerProcess server)
    {
        var seen = Seen;
        Assert.That(seen, Is.Not.Empty);
        Assert.That(seen.Select(checkpoint => checkpoint.Size), Is.Ordered.Ascending);
        var leaves = await ReadLeavesAsync(server, seen[^1].Size);
        var roots = Roots(leaves);
        foreach (var checkpoint in seen.Distinct())
            Assert.That(checkpoint.Root, Is.EqualTo(roots[(int)checkpoint.Size]), $"over {checkpoint.Size} entries");
        return [.. leaves.Select(leaf => Encoding.ASCII.GetString(leaf).Split('\n')[1])];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private static async Task<List<byte[]>> ReadLeavesAsync(ServerProcess server, long size)
    {
        var leaves = new List<byte[]>();
        for (var index = 0L; leaves.Count < size; index++)
        {
            var tile = new Tile(0, index, Tile.WidthIn(size, 0, index));
            var bundle = await server.Client.GetByteArrayAsync(new Uri($"/tile/entries/{tile.ToPath()}", UriKind.Relative));
            for (var at = 0; at < bundle.Length;)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
                leaves.Add(bundle[(at + 2)..(at + 2 + length)]);
                at += 2 + length;
            }
        }

        return leaves;
    }

    /// <summary>The root over each beginning, by the words of RFC 6962 §2.1: complete subtrees, from the left, each once.</summary>
    private static List<TreeHash> Roots(List<byte[]> leaves)
    {
        var roots = new List<TreeHash> { TreeHash.Empty };
        var subtrees = new Stack<(int Size, TreeHash Hash)>();
        foreach (var leaf in leaves)
        {
            var (size, hash) = (1, TreeHash.OfLeaf(leaf));
            while (subtrees.TryPeek(out var left) && left.Size == size) (size, hash) = (2 * size, TreeHash.OfNode(subtrees.Pop().Hash, hash));
            subtrees.Push((size, hash));
            roots.Add(subtrees.Skip(1).Aggregate(hash, (right, left) => TreeHash.OfNode(left.Hash, right)));
        }

        return roots;
    }

    private async Task WatchAsync(Func<ServerProcess> server)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var response = await server().Client.GetAsync(new Uri("/checkpoint", UriKind.Relative), _stop.Token);
                if (response.IsSuccessStatusCode) Keep(await response.Content.ReadAsStringAsync(_stop.Token));
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // It was killed, as the tests that use this do, or this ends.
            }

            await Task.Delay(Pause);
        }
    }

    private void Keep(string text)
    {
        if (!SignedNote.TryParse(text, out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint)) return;
        lock (_lock) _seen.Add(checkpoint);
    }
}
