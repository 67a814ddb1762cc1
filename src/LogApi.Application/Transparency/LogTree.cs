using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Transparency;

/// <summary>Reads the published tree, and believes nothing of it that does not follow from what the log's key has signed.</summary>
internal sealed class LogTree(ITransparencyLog log, ICheckpointSigner signer)
{
    /// <summary>Reads the newest checkpoint.</summary>
    public async Task<TreeHead> ReadHeadAsync(CancellationToken cancellationToken) => Judge(await log.ReadLatestAsync(cancellationToken));

    /// <summary>Gives a checkpoint of at least the size that is asked for when there is such a one.</summary>
    public async Task<TreeHead> ReadHeadAsync(long wanted, CancellationToken cancellationToken)
    {
        // Who has the checkpoint from another process asks for what this one has not heard of yet.
        var known = log.Latest;
        if (known?.Checkpoint.Size >= wanted) return Judge(known);
        var read = await ReadHeadAsync(cancellationToken);
        return read.Size >= (known?.Checkpoint.Size ?? 0) ? read : Judge(known);
    }

    /// <summary>Proves that a leaf is at a place of the newest tree.</summary>
    /// <param name="index">The place.</param>
    /// <param name="leaf">The leaf; null when what the store holds makes none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<InclusionVerdict> ProveAsync(long index, LogLeaf? leaf, CancellationToken cancellationToken) =>
        await ProveAsync(await ReadHeadAsync(cancellationToken), index, leaf, cancellationToken);

    /// <summary>Proves that a leaf is at a place of the tree of a checkpoint.</summary>
    /// <param name="head">The checkpoint.</param>
    /// <inheritdoc cref="ProveAsync(long,LogLeaf?,CancellationToken)"/>
    /// <param name="index">The place.</param>
    /// <param name="leaf">The leaf; null when what the store holds makes none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<InclusionVerdict> ProveAsync(TreeHead head, long index, LogLeaf? leaf, CancellationToken cancellationToken)
    {
        if (head.Problem is { } problem) return Damaged(head, problem);
        if (head.Published is not { Checkpoint: var (_, size, root) } || index >= size) return new InclusionVerdict(InclusionState.Pending, head);

        try
        {
            TreeHash[] proof = [.. await TileProof.OfInclusionAsync(log, index, size, cancellationToken)];
            if (leaf is not null && TreeProof.IsIncluded(index, size, TreeHash.OfLeaf(leaf.Encode()), proof, root))
                return new InclusionVerdict(InclusionState.Included, head) { Proof = proof };

            var tile = Tile.Holding(new TreeNode(0, index), size);
            var hashes = await log.ReadAsync(tile, cancellationToken);
            var place = (int)(index % Tile.FullWidth) * TreeHash.Size;
            if (hashes.Length < place + TreeHash.Size) throw new MissingTileException(tile);
            if (!TreeProof.IsIncluded(index, size, TreeHash.From(hashes.Span[place..]), proof, root))
            {
                return Damaged(head, string.Create(
                    CultureInfo.InvariantCulture, $"the tree's tiles around entry {index} do not lead to the root of the signed checkpoint of size {size}"));
            }

            var number = index.ToString(CultureInfo.InvariantCulture);
            return new InclusionVerdict(
                InclusionState.Failed,
                head,
                leaf is null
                    ? $"the tree has a leaf for entry {number}, but what the store holds of the entry makes none"
                    : $"not what was logged: the leaf of this entry is not the one that the tree has for entry {number}");
        }
        catch (MissingTileException missing)
        {
            return Damaged(head, $"the tree's tile {missing.Tile.Level}/{missing.Tile.ToPath()} is missing from the store");
        }
    }

    private TreeHead Judge(PublishedCheckpoint? published)
    {
        if (published is null)
        {
            // There may well be one that this process can't tell of.
            return log.Refusal is { } refusal
                ? new TreeHead(null, $"nothing is signed now, and this process knows no checkpoint of before: {refusal.TrimEnd('.')}")
                : new TreeHead(null, Problem: null);
        }

        if (!signer.IsSigned(published.Note)) return new TreeHead(published, "the checkpoint in the store does not carry the signature of this log's key");
        return new TreeHead(
            published,
            published.Note.Text != published.Checkpoint.Text ? "the tree in the store is not the one that its checkpoint signs" : null);
    }

    private static InclusionVerdict Damaged(TreeHead head, string problem) =>
        new(InclusionState.Failed, head, problem, IsTreeDamaged: true);
}
