using System.Collections.Concurrent;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;

namespace LogApi.Testing;

/// <summary>The published tree over entries in memory: every hash is made of the leaves.</summary>
public sealed class MemoryTree(ICheckpointSigner signer) : ITransparencyLog
{
    private readonly List<LogLeaf?> _stored = [];
    private readonly List<TreeHash> _hashes = [];
    private readonly ConcurrentDictionary<(int Start, int End), TreeHash> _nodes = new();

    /// <summary>What a tile is read as.</summary>
    public Func<Tile, byte[], byte[]> Read { get; set; } = (_, hashes) => hashes;

    /// <inheritdoc/>
    public event Action? RefusalChanged;

    /// <inheritdoc/>
    public string? Delay { get; set; }

    /// <inheritdoc/>
    public string? Refusal
    {
        get;
        set
        {
            field = value;
            RefusalChanged?.Invoke();
        }
    }

    /// <inheritdoc/>
    public PublishedCheckpoint? Latest { get; set; }

    /// <summary>What the store has, when this process has not heard of it.</summary>
    public PublishedCheckpoint? Stored { get; set; }

    /// <summary>How many tiles were read.</summary>
    public int Reads { get; private set; }

    /// <summary>The leaves as the store makes them now.</summary>
    public IList<LogLeaf?> Leaves => _stored;

    /// <summary>Adds entries with the salt of <see cref="Some.Side"/>, and publishes a checkpoint.</summary>
    public void Publish(params IEnumerable<LogEntry> entries) => Publish(entries.Select(entry => LogLeaf.Of(entry, Some.Salt)));

    /// <summary>Adds leaves, and publishes a checkpoint.</summary>
    public void Publish(IEnumerable<LogLeaf> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        foreach (var leaf in leaves)
        {
            _stored.Add(leaf);
            _hashes.Add(TreeHash.OfLeaf(leaf.Encode()));
        }

        Sign();
    }

    /// <summary>Adds what stands for entries that were lost before the log was started anew, and publishes a checkpoint.</summary>
    public void PublishLost(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _hashes.Add(TreeHash.OfLeaf(LogLeaf.EncodeLost(_hashes.Count)));
            _stored.Add(null);
        }

        Sign();
    }

    /// <inheritdoc/>
    public Task<PublishedCheckpoint?> ReadLatestAsync(CancellationToken cancellationToken) => Task.FromResult(Stored);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogLeaf?>> ReadLeavesAsync(long first, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LogLeaf?>>([.. _stored.Skip((int)first).Take(count)]);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken)
    {
        Reads++;
        var span = 1 << (Tile.Height * tile.Level);
        var bytes = new byte[Math.Min(tile.Width, Tile.WidthIn(_hashes.Count, tile.Level, tile.Index)) * TreeHash.Size];
        for (var i = 0; i < bytes.Length / TreeHash.Size; i++)
        {
            var start = (int)((tile.Index * Tile.FullWidth) + i) * span;
            Hash(start, start + span).CopyTo(bytes.AsSpan(i * TreeHash.Size));
        }

        return ValueTask.FromResult<ReadOnlyMemory<byte>>(Read(tile, bytes));
    }

    private void Sign()
    {
        var checkpoint = new Checkpoint(signer.Key.Name, _hashes.Count, Hash(0, _hashes.Count));
        Latest = Stored = new PublishedCheckpoint(checkpoint, signer.Sign(checkpoint), Some.Time);
    }

    // RFC 6962 §2.1.
    private TreeHash Hash(int start, int end)
    {
        if (start == end) return TreeHash.Empty;
        if (end - start == 1) return _hashes[start];
        return end - start < Tile.FullWidth ? HashNode(start, end) : _nodes.GetOrAdd((start, end), range => HashNode(range.Start, range.End));
    }

    private TreeHash HashNode(int start, int end)
    {
        var split = 1;
        while (2 * split < end - start) split *= 2;
        return TreeHash.OfNode(Hash(start, start + split), Hash(start + split, end));
    }
}
