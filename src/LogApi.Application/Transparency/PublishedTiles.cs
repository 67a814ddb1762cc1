using System.Collections.Concurrent;
using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Transparency;

/// <summary>
/// Reads tiles that are to be given out. Whoever gets one may keep it for ever, so each is held against the signed root: by the tiles
/// above it, or at the right edge of the tree by all that are there.
/// </summary>
internal sealed class PublishedTiles(ITransparencyLog log, LogTree tree)
{
    /// <summary>The most tiles that are kept, each of 8 KiB at most. A tile at level 1 is above 256 others.</summary>
    private const int MaxKept = 64;

    // Only what a signed root has proven: it is right for ever, so what is read later is held against it.
    private readonly ConcurrentDictionary<(string Origin, Tile Tile), ReadOnlyMemory<byte>> _kept = new();

    /// <summary>Reads a tile's hashes; an error when it is not published, gone or changed.</summary>
    public async Task<Result<ReadOnlyMemory<byte>>> ReadAsync(Tile tile, CancellationToken cancellationToken)
    {
        var head = await tree.ReadHeadAsync(TileAddress.SizeOf(tile), cancellationToken);
        if (head is { Published: null, Problem: { } unknown }) return new SigningRefusedError($"There is no tile to give out, because {unknown}.");
        var width = Tile.WidthIn(head.Size, tile.Level, tile.Index);
        if (width < tile.Width) return new NotFoundError(TileAddress.WhyMissing(tile, head.Size));
        if (head.Problem is { } problem) return new TreeDamagedError($"There is no tile to give out, because {problem}.");

        try
        {
            var checkpoint = head.Published!.Checkpoint;
            var whole = tile with { Width = width };
            var hashes = await ReadStoredAsync(whole, cancellationToken);
            if (await IsRightAsync(checkpoint, whole, hashes, cancellationToken)) return hashes[..(tile.Width * TreeHash.Size)];
            return new TreeDamagedError(string.Create(
                CultureInfo.InvariantCulture,
                $"The tile {tile.Level}/{tile.ToPath()}, or one above it, was changed in the store: it does not lead to the root of the signed checkpoint of size {checkpoint.Size}."));
        }
        catch (MissingTileException missing)
        {
            return new TreeDamagedError($"The tile {missing.Tile.Level}/{missing.Tile.ToPath()} was published, but is missing from the store.");
        }
    }

    private async Task<bool> IsRightAsync(Checkpoint checkpoint, Tile tile, ReadOnlyMemory<byte> hashes, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue((checkpoint.Origin, tile), out var right)) return right.Span.SequenceEqual(hashes.Span);
        if (tile.IsPartial) return await IsRightEdgeAsync(checkpoint, tile, hashes, cancellationToken);
        var (index, place) = Math.DivRem(tile.Index, Tile.FullWidth);
        var above = new Tile(tile.Level + 1, index, Tile.WidthIn(checkpoint.Size, tile.Level + 1, index));
        return await FindRightAsync(checkpoint, above, cancellationToken) is { } parents
            && Tile.RootOf(hashes.Span) == TreeHash.From(parents.Span[((int)place * TreeHash.Size)..]);
    }

    private async Task<ReadOnlyMemory<byte>?> FindRightAsync(Checkpoint checkpoint, Tile tile, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue((checkpoint.Origin, tile), out var kept)) return kept;
        var hashes = await ReadStoredAsync(tile, cancellationToken);
        if (!await IsRightAsync(checkpoint, tile, hashes, cancellationToken)) return null;
        Keep(checkpoint, tile, hashes);
        return hashes;
    }

    private async Task<bool> IsRightEdgeAsync(Checkpoint checkpoint, Tile tile, ReadOnlyMemory<byte> hashes, CancellationToken cancellationToken)
    {
        var tiles = new List<Tile>();
        for (var level = 0; level <= Tile.MaxLevel; level++)
        {
            var index = checkpoint.Size >> (Tile.Height * level) >> Tile.Height;
            tiles.Add(new Tile(level, index, Tile.WidthIn(checkpoint.Size, level, index)));
        }

        var partials = new ReadOnlyMemory<byte>[tiles.Count];
        foreach (var (level, each) in tiles.Index())
            partials[level] = each == tile ? hashes : each.Width == 0 ? default : await ReadStoredAsync(each, cancellationToken);
        if (!TreeEdge.TryCreate(checkpoint.Size, partials, out var edge) || edge.Root() != checkpoint.Root) return false;
        foreach (var (each, partial) in tiles.Zip(partials).Where(static each => each.First.Width > 0)) Keep(checkpoint, each, partial);
        return true;
    }

    private async Task<ReadOnlyMemory<byte>> ReadStoredAsync(Tile tile, CancellationToken cancellationToken)
    {
        var hashes = await log.ReadAsync(tile, cancellationToken);
        var length = tile.Width * TreeHash.Size;
        return hashes.Length >= length ? hashes[..length] : throw new MissingTileException(tile);
    }

    private void Keep(Checkpoint checkpoint, Tile tile, ReadOnlyMemory<byte> hashes)
    {
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[(checkpoint.Origin, tile)] = hashes;
    }
}
