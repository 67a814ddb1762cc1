using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Tree;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Holds the upper tiles against each other, the root against them, and the signature against the root.</summary>
internal sealed class TreeAudit(AuditReads reads, TreeStore tree, ICheckpointSigner signer, StoreOptions options)
{
    private const int Attempts = 4;
    private const int ReadAtOnce = 32;

    /// <summary>The name of this process's log.</summary>
    public string Origin => signer.Key.Name;

    /// <summary>Whether this machine knows of a checkpoint, whatever the store says.</summary>
    public bool IsKnown() => CheckpointFiles.Read(options.DataDirectory, Origin).Count > 0;

    /// <summary>Looks at the tree that an audit covers.</summary>
    public async Task AuditAsync(AuditRecord record, FindingList findings, CancellationToken cancellationToken)
    {
        AuditNote(record, findings);
        for (var level = 1; level <= Tile.MaxLevel && record.Size >> (Tile.Height * level) > 0; level++)
            await AuditLevelAsync(record, level, findings, cancellationToken);
        await AuditRootAsync(record, findings, cancellationToken);
        await AuditPublishedAsync(record, findings, cancellationToken);
        if (record.Origin == signer.Key.Name) await AuditKnownAsync(findings, cancellationToken);
    }

    private void AuditNote(AuditRecord record, FindingList findings)
    {
        if (!SignedNote.TryParse(record.Note, out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint))
            findings.Add(AuditChecks.Signature, "the published checkpoint can't be read: it was changed in the store");
        else if (checkpoint.Origin != record.Origin || checkpoint.Size != record.Size || checkpoint.Root.ToString() != record.Root)
            findings.Add(AuditChecks.Signature, "the published checkpoint is that of another tree");
        else if (!signer.IsSigned(note))
            findings.Add(AuditChecks.Signature, "the published checkpoint is not signed with this log's key");
    }

    private async Task AuditLevelAsync(AuditRecord record, int level, FindingList findings, CancellationToken cancellationToken)
    {
        var tiles = new AuditTiles(reads, record.Target);
        var hashes = record.Size >> (Tile.Height * level);
        var count = (hashes + Tile.FullWidth - 1) / Tile.FullWidth;
        ReadOnlyMemory<byte> above = default;
        for (var from = 0L; from < count; from += ReadAtOnce)
        {
            var start = from;
            var read = await Task.WhenAll(Enumerable.Range(0, (int)Math.Min(ReadAtOnce, count - from))
                .Select(i => tiles.ReadAsync(TileAt(record.Size, level, start + i), cancellationToken).AsTask()));
            for (var i = 0; i < read.Length; i++)
            {
                var index = from + i;
                if (read[i].IsEmpty)
                {
                    findings.Add(Describe(record.Size, level, index, "is gone, or cut off"));
                    continue;
                }

                if (read[i].Length < Tile.FullWidth * TreeHash.Size) continue;
                if (i == 0 || index % Tile.FullWidth == 0)
                    above = await tiles.ReadAsync(TileAt(record.Size, level + 1, index / Tile.FullWidth), cancellationToken);
                var at = (int)(index % Tile.FullWidth) * TreeHash.Size;
                if (above.Length >= at + TreeHash.Size && Tile.RootOf(read[i].Span) != TreeHash.From(above.Span[at..]))
                    findings.Add(Describe(record.Size, level, index, "was changed: the tree above has another hash over it"));
            }
        }
    }

    private async Task AuditRootAsync(AuditRecord record, FindingList findings, CancellationToken cancellationToken)
    {
        try
        {
            var root = await TileProof.RootAsync(new AuditTiles(reads, record.Target), record.Size, cancellationToken);
            if (root.ToString() != record.Root)
                findings.Add(AuditChecks.Root, "the tiles lead to another root than that of the checkpoint: the tree was changed");
        }
        catch (MissingTileException)
        {
            findings.Add(AuditChecks.Root, "the tiles don't lead to the root of the checkpoint, for one of them is gone");
        }
    }

    /// <summary>Looks at what is published now, which may have grown since.</summary>
    private async Task AuditPublishedAsync(AuditRecord record, FindingList findings, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var problem = await FindInPublishedAsync(record, cancellationToken);
            if (problem is null) return;
            if (attempt == Attempts)
            {
                findings.Add(AuditChecks.Tree, problem);
                return;
            }

            await reads.SettleAsync(attempt, cancellationToken);
        }
    }

    private async Task<string?> FindInPublishedAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var (state, unmoved, head) = await reads.ReadAsync(
            async db =>
            {
                // In this order: the log is at least as long as its tree.
                var published = tree.ReadAsync(db);
                var fields = tree.ReadUnmovedAsync(db);
                var log = db.HashGetAsync(reads.Keys.Head, ["epoch", "next"]);
                return (await published, await fields, await log);
            },
            cancellationToken);
        if (state.Refused.Length > 0) return "nothing is signed any more: " + state.Refused;
        if (!state.Exists || state.Size < record.Size) return "the published tree was cut off: it was larger when the audit began";
        if (state.Origin != record.Origin) return "the published tree is that of another log than when the audit began";
        if (!TreeEdge.TryCreate(state.Size, state.Partials, out var edge) || edge.Root().ToString() != state.RootText)
            return "the right edge of the published tree does not give its root: one of them was changed";
        if (state.ReadCheckpoint() is not { } published || published.Checkpoint != new Checkpoint(state.Origin, state.Size, edge.Root()) || !signer.IsSigned(published.Note))
            return "the published tree and its checkpoint don't fit together, or that is not signed with this log's key";
        if (head[0].ToString() != state.Epoch) return "the published tree is of another numbering of the log than the head";
        if (!head[1].TryParse(out long next) || next < state.Size) return "the log ends before its published tree does: its end was cut off";
        return await FindInFieldsAsync(record.Target, state, unmoved, cancellationToken);
    }

    /// <summary>Holds what is published against the checkpoints that this machine knows of: a store that went back is whole in itself.</summary>
    private async Task AuditKnownAsync(FindingList findings, CancellationToken cancellationToken)
    {
        foreach (var (file, isSigned, text) in CheckpointFiles.Read(options.DataDirectory, signer.Key.Name))
        {
            if (!SignedNote.TryParse(text, out var note) || !Checkpoint.TryParse(note.Text, out var known) || !signer.IsSigned(note))
            {
                findings.Add(AuditChecks.Tree, $"{Path.GetFileName(file)} in the folder of checkpoints does not hold one that is signed with this log's key");
                continue;
            }

            // After the file: the tree may grow past it in between, never fall behind.
            var state = await reads.ReadAsync(tree.ReadAsync, cancellationToken);
            var next = (await reads.ReadHeadAsync(cancellationToken)).Next;
            if (known.Size > state.Size && isSigned && next >= known.Size) continue;
            if (known.Size > state.Size)
                findings.Add(AuditChecks.Tree, $"a checkpoint over {known.Size} entries was signed, but the published tree is over {state.Size}: the store lost its end, or an older copy of it was restored");
            else if (!await IsExtendedAsync(known, state, cancellationToken))
                findings.Add(AuditChecks.Tree, $"the published tree does not continue the one over {known.Size} entries that was signed: it is another one");
        }
    }

    private async Task<bool> IsExtendedAsync(Checkpoint known, TreeState state, CancellationToken cancellationToken)
    {
        if (known.Size == 0) return true;
        if (!TreeHash.TryParse(state.RootText, out var root)) return false;
        if (known.Size == state.Size) return known.Root == root;
        try
        {
            var tiles = new AuditTiles(reads, new AuditTarget(state.Origin, state.Size, state.Base));
            var proof = await TileProof.OfConsistencyAsync(tiles, known.Size, state.Size, cancellationToken);
            return TreeProof.IsConsistent(known.Size, state.Size, [.. proof], known.Root, root);
        }
        catch (MissingTileException)
        {
            return false;
        }
    }

    private async Task<string?> FindInFieldsAsync(
        AuditTarget target, TreeState state, IReadOnlyList<Tile> unmoved, CancellationToken cancellationToken)
    {
        foreach (var tile in unmoved)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{tile.Level}/{tile.Index}");
            if (Tile.WidthIn(state.Size, tile.Level, tile.Index) < Tile.FullWidth) return $"the published tree has the tile {name}, which is not full";
            var (field, key) = await reads.ReadAsync(
                async db =>
                {
                    var own = db.HashGetAsync(reads.Keys.Tree, TreeState.TileField(tile));
                    return (await own, await db.StringGetAsync(reads.Keys.Tile(target.Origin, tile.Level, tile.Index)));
                },
                cancellationToken);
            if (!field.IsNull && !key.IsNull && field != key) return $"the store has the tile {name} twice, and they differ";
        }

        return null;
    }

    private static Tile TileAt(long size, int level, long index) => new(level, index, Tile.WidthIn(size, level, index));

    private static AuditFinding Describe(long size, int level, long index, string what)
    {
        var span = Tile.Height * (level + 1);
        return new AuditFinding(
            index << span, Math.Min(size, (index + 1) << span) - 1, AuditChecks.Tile,
            string.Create(CultureInfo.InvariantCulture, $"the tile {level}/{index} over these entries {what}"));
    }
}
