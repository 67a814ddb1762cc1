using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Signing;

namespace LogApi.Web.Commands.Verify;

/// <summary>Opens checkpoints that the log has signed.</summary>
internal static class SignedCheckpoint
{
    /// <summary>Gives the checkpoint of a note, or says, as the rest of a sentence, why it is not one of the log's.</summary>
    public static bool TryOpen(
        SignedNote note, NoteKey key, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out string? problem)
    {
        checkpoint = null;
        problem = null;
        if (!note.IsSignedBy(key, Ed25519Signatures.Check))
        {
            problem = note.Signatures.Any(signature => signature.Name == key.Name && signature.KeyId == key.Id)
                ? $"was changed after {Name(key)} signed it, or was signed with another key"
                : $"is not signed by {Name(key)}, but by {string.Join(", ", note.Signatures.Select(signature => VerifyReport.Quote(signature.Name)))}";
        }
        else if (!Checkpoint.TryParse(note.Text, out var read))
        {
            problem = $"is signed by {Name(key)}, but is no checkpoint";
        }
        else if (read.Origin != key.Name)
        {
            problem = $"is signed by {Name(key)}, but is that of another log, {VerifyReport.Quote(read.Origin)}";
        }
        else
        {
            checkpoint = read;
        }

        return checkpoint is not null;
    }

    /// <summary>Says in a sentence what the signature proves.</summary>
    public static string Describe(Checkpoint checkpoint, NoteKey key) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name(key)} signed this: the log {checkpoint.Origin} has {VerifyReport.Count(checkpoint.Size, "entry", "entries")}, and their tree has the root {checkpoint.Root}.");

    /// <summary>Says what is left open by signatures of others, such as witnesses; nothing when there are none.</summary>
    public static string? DescribeOthers(SignedNote note, NoteKey key)
    {
        var others = note.Signatures.Where(signature => signature.Name != key.Name || signature.KeyId != key.Id).ToList();
        return others.Count == 0
            ? null
            : $"What others have signed: {string.Join(", ", others.Select(signature => VerifyReport.Quote(signature.Name)))}. Their keys are not known here.";
    }

    private static string Name(NoteKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.Name} (key {key.Id:x8})");
}
