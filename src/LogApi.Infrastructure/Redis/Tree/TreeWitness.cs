using LogApi.Application.Ports;
using LogApi.Domain.Transparency;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// The checkpoints that this process answers for: the newest one that it has seen published, and others that were signed and may
/// have been published. Whatever the store's tree becomes must extend each. For use by one thread at a time.
/// </summary>
internal sealed class TreeWitness(CheckpointFiles files)
{
    private readonly List<Checkpoint> _signed = [];

    /// <summary>The newest one that was published; null before the first.</summary>
    public Checkpoint? Seen { get; private set; }

    /// <summary>The newest one that was signed or seen published, from this process's disk; null before the first.</summary>
    public PublishedCheckpoint? Newest { get; private set; }

    /// <summary>The others that no published tree was held against yet; each is on disk.</summary>
    public IReadOnlyList<Checkpoint> Signed => _signed;

    /// <summary>Takes what earlier runs have left, and what other processes that share the folder leave.</summary>
    /// <returns>What is wrong with it, in a sentence; null when nothing is.</returns>
    public static string? TryLoad(
        CheckpointFiles files, string dataDirectory, ICheckpointSigner signer, out TreeWitness witness)
    {
        witness = new TreeWitness(files);
        foreach (var (file, isSigned, text) in CheckpointFiles.Read(dataDirectory, signer.Key.Name))
        {
            if (!SignedNote.TryParse(text, out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint)
                || checkpoint.Origin != signer.Key.Name)
            {
                return $"{file} does not hold a checkpoint of this log, so a loss would go unnoticed";
            }

            if (!signer.IsSigned(note)) return $"the checkpoint in {file} was not signed with this log's key";
            if (!isSigned && (witness.Seen is not { } seen || checkpoint.Size > seen.Size)) witness.Seen = checkpoint;
            witness._signed.Add(checkpoint);
            if (witness.Newest is not { } newest || checkpoint.Size > newest.Checkpoint.Size)
                witness.Newest = new PublishedCheckpoint(checkpoint, note, SignedAt: null);
        }

        return null;
    }

    /// <summary>Notes what is about to be published.</summary>
    public void AddSigned(Checkpoint checkpoint, SignedNote note)
    {
        // What is here is on disk, perhaps in another process's file; this one's may hold a larger one.
        if (_signed.Contains(checkpoint)) return;
        files.WriteSigned(note.ToString());
        _signed.Add(checkpoint);
    }

    /// <summary>Notes what this process has published: its file says so already.</summary>
    public void NotePublished(Checkpoint checkpoint) => Advance(checkpoint);

    /// <summary>Notes a published checkpoint that was checked against all there are here.</summary>
    public void NoteSeen(PublishedCheckpoint published)
    {
        if (published.Checkpoint != Seen && !_signed.Contains(published.Checkpoint)) files.WriteSeen(published.Note.ToString());
        Advance(published.Checkpoint);
    }

    private void Advance(Checkpoint checkpoint)
    {
        Seen = checkpoint;
        _signed.RemoveAll(signed => signed.Size <= checkpoint.Size);
    }
}
