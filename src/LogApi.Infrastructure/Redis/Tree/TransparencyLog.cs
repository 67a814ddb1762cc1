using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>The published tree, as the rest of the service reads it.</summary>
internal sealed class TransparencyLog(
    RedisConnection connection, TreeStore tree, TreeGuard guard, StoredTiles tiles, LeafSource source, EntryCheck check)
    : ITransparencyLog
{
    private const int ReadAhead = 4;

    public event Action? RefusalChanged
    {
        add => guard.RefusalChanged += value;
        remove => guard.RefusalChanged -= value;
    }

    public string? Refusal => guard.Refusal;

    public string? Delay => guard.Delay;

    public PublishedCheckpoint? Latest => guard.Latest;

    public async Task<PublishedCheckpoint?> ReadLatestAsync(CancellationToken cancellationToken)
    {
        // What the store holds then may be older than what was served before, or another log's.
        if (Refusal is not null) return Latest;
        var published = (await connection.CallAsync(tree.ReadAsync, cancellationToken)).ReadCheckpoint();
        return published is null || Latest is { } latest && latest.Checkpoint.Size > published.Checkpoint.Size ? Latest : published;
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken) => tiles.ReadAsync(tile, cancellationToken);

    public async Task<IReadOnlyList<LogLeaf?>> ReadLeavesAsync(long first, int count, CancellationToken cancellationToken)
    {
        var leaves = new List<LogLeaf?>(count);
        foreach (var runs in BundleRun.Cover(first, count).Chunk(ReadAhead))
        {
            var contents = await Task.WhenAll(runs.Select(run => source.ReadAsync(run, cancellationToken)));
            foreach (var (run, content) in runs.Zip(contents))
            {
                for (var place = run.First; place <= run.Last; place++) leaves.Add(check.FindLeaf(content, place));
            }
        }

        return leaves;
    }
}
