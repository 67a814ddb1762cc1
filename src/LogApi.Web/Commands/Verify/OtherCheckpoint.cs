using System.Globalization;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Commands.Verify;

/// <summary>
/// A checkpoint from another time or place. Both are signed, so when the larger tree does not continue the smaller one, the log has
/// shown two histories, and the two files are the evidence.
/// </summary>
internal sealed class OtherCheckpoint
{
    private readonly string _name;
    private readonly Checkpoint? _checkpoint;
    private readonly string? _problem;
    private readonly (long From, long To, TreeHash[] Hashes)? _proof;

    private OtherCheckpoint(string name, Checkpoint? checkpoint, string? problem, (long From, long To, TreeHash[] Hashes)? proof) =>
        (_name, _checkpoint, _problem, _proof) = (name, checkpoint, problem, proof);

    /// <summary>Its size; null when it is none of the log's.</summary>
    public long? Size => _checkpoint?.Size;

    /// <summary>Reads it, with the proof; nothing when none is given.</summary>
    /// <exception cref="UnusableFileException">A file is not what it should be.</exception>
    public static async Task<OtherCheckpoint?> ReadAsync(VerifyArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Checkpoint is not { } path) return null;
        if (!SignedNote.TryParse(await SmallFile.ReadAsync(path, cancellationToken), out var note))
            throw new UnusableFileException($"{path} is no signed checkpoint, as GET /checkpoint gives it.");
        var proof = arguments.Consistency is { } file ? ReadProof(file, await SmallFile.ReadAsync(file, cancellationToken)) : ((long, long, TreeHash[])?)null;
        SignedCheckpoint.TryOpen(note, arguments.Key, out var checkpoint, out var problem);
        return new OtherCheckpoint(path, checkpoint, problem, proof);
    }

    /// <summary>Holds it against the checkpoint of the file.</summary>
    /// <param name="checkpoint">The checkpoint of the file.</param>
    /// <param name="computed">The root of the tree of this one's size, when the file has all of its leaves.</param>
    /// <param name="report">Is told what is found.</param>
    public async Task CompareAsync(Checkpoint checkpoint, TreeHash? computed, VerifyReport report)
    {
        if (_checkpoint is null)
        {
            await report.FindAsync($"The checkpoint in {_name} {_problem}.");
            return;
        }

        var sizes = string.Create(CultureInfo.InvariantCulture, $"{_checkpoint.Size} in {_name} and {checkpoint.Size} in the file");
        var (older, newer) = _checkpoint.Size <= checkpoint.Size ? (_checkpoint, checkpoint) : (checkpoint, _checkpoint);
        if (computed is { } root)
        {
            if (root == _checkpoint.Root) report.Prove($"Both checkpoints ({sizes}) are of one history: the entries of the file give both roots.");
            else await report.FindAsync($"{Fork(sizes)} The entries of the file do not give the root in {_name}.");
        }
        else if (older.Size == newer.Size)
        {
            if (older.Root == newer.Root) report.Prove($"The checkpoint in {_name} is of the same tree.");
            else await report.FindAsync($"{Fork(sizes)} Their sizes are the same and their roots are not.");
        }
        else if (_proof is not { } proof)
        {
            report.LeaveHistory(string.Create(
                CultureInfo.InvariantCulture,
                $"That both checkpoints ({sizes}) are of one history: that takes --consistency with the answer of GET /api/v1/transparency/consistency?from={older.Size}&to={newer.Size}."));
        }
        else if ((proof.From, proof.To) != (older.Size, newer.Size))
        {
            await report.FindAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"The consistency proof is for the sizes {proof.From} and {proof.To}; it must be for {older.Size} and {newer.Size}."));
        }
        else if (TreeProof.IsConsistent(older.Size, newer.Size, proof.Hashes, older.Root, newer.Root))
        {
            report.Prove($"Both checkpoints ({sizes}) are of one history: the larger tree begins with the whole smaller one, unchanged.");
        }
        else
        {
            await report.FindAsync($"The consistency proof does not show that both checkpoints ({sizes}) are of one history: it was changed, or there is none, because the log has shown two.");
        }
    }

    private static string Fork(string sizes) =>
        $"The log has signed two histories: the checkpoints ({sizes}) exclude each other. Keep both files: they are the evidence.";

    private static (long From, long To, TreeHash[] Hashes) ReadProof(string path, string text)
    {
        if (JsonText.TryRead(text, out var document))
        {
            using (document)
            {
                var json = document.RootElement;
                if (json.Number("from") is { } from && json.Number("to") is { } to && json.Hashes("hashes") is { } hashes) return (from, to, hashes);
            }
        }

        throw new UnusableFileException($"{path} is no consistency proof: from, to and hashes, as GET /api/v1/transparency/consistency gives them.");
    }
}
