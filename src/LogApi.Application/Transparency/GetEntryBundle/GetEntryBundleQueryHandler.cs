using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using MediatR;

namespace LogApi.Application.Transparency.GetEntryBundle;

/// <summary>
/// Makes the leaves out of the entries that are stored. What is given out may be kept for ever, so each leaf is held against the
/// tree first.
/// </summary>
internal sealed class GetEntryBundleQueryHandler(ITransparencyLog log, ILogRepository logs, PublishedTiles tiles)
    : IRequestHandler<GetEntryBundleQuery, Result<EntryBundle>>
{
    private const int MaxNamed = 8;

    public async Task<Result<EntryBundle>> Handle(GetEntryBundleQuery request, CancellationToken cancellationToken)
    {
        if (!Tile.TryParsePath(0, request.Path, out var tile)) return new NotFoundError("No entry bundle has this address.");
        if (!(await tiles.ReadAsync(tile, cancellationToken)).TryGet(out var hashes, out var error)) return error;

        var first = tile.Index * Tile.FullWidth;
        var leaves = await log.ReadLeavesAsync(first, tile.Width, cancellationToken);
        var data = new List<ReadOnlyMemory<byte>>(tile.Width);
        var wrong = new List<long>();
        for (var i = 0; i < tile.Width; i++)
        {
            var leaf = leaves[i]?.Encode() ?? LogLeaf.EncodeLost(first + i);
            if (TreeHash.OfLeaf(leaf) == TreeHash.From(hashes.Span[(i * TreeHash.Size)..])) data.Add(leaf);
            else wrong.Add(first + i);
        }

        if (wrong.Count == 0) return new EntryBundle(LogLeaf.Bundle(data));
        var head = await logs.GetHeadAsync(cancellationToken);
        if (wrong[0] < head.First)
        {
            return new NotFoundError(string.Create(
                CultureInfo.InvariantCulture,
                $"The entries below {head.First} have been dropped by retention. Their hashes are kept: the tile 0/{tile.ToPath()}."));
        }

        return new EntryDamagedError(
            $"Of this bundle, {Name(wrong)} can't be given out: what the store holds is not what the tree has of {(wrong.Count == 1 ? "it" : "them")}.");
    }

    private static string Name(List<long> wrong)
    {
        var named = string.Join(", ", wrong.Take(MaxNamed).Select(sequence => sequence.ToString(CultureInfo.InvariantCulture)));
        var word = wrong.Count == 1 ? "entry" : "entries";
        return wrong.Count <= MaxNamed ? $"{word} {named}" : $"{word} {named} and {wrong.Count - MaxNamed} more";
    }
}
