using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Commands.Verify;

/// <summary>Checks the proof of one entry.</summary>
internal sealed class ProofCheck(VerifyArguments arguments, OtherCheckpoint? other, VerifyReport report)
{
    private static readonly string[] Members = ["log_index", "tree_size", "leaf", "salt", "hashes", "checkpoint"];

    private string? _salt;
    private LogLeaf? _leaf;

    /// <summary>Checks it.</summary>
    /// <param name="text">The proof.</param>
    /// <param name="entryText">The entry, as JSON, when it is in a file of its own.</param>
    public async Task RunAsync(string text, string? entryText)
    {
        await report.BeginAsync($"{arguments.File}: the proof of one entry.");
        if (await ReadAsync(text) is not { } proof) return;
        var entries = new List<HeldEntry>();
        if (!proof.Extra.IsEmpty && !await AddAsync(entries, proof.Extra, "The entry inside the proof")) return;
        if (entryText is not null && !await AddAsync(entries, Encoding.UTF8.GetBytes(entryText), $"The entry in {arguments.Entry}")) return;
        if (entries.Count == 0 && _leaf is null)
            throw new UnusableFileException("The proof does not hold the entry it is of: give it with --entry, or fetch the proof with ?extra=true.");
        if (!SignedCheckpoint.TryOpen(proof.Checkpoint, arguments.Key, out var checkpoint, out var problem))
        {
            await report.FindAsync($"The checkpoint {problem}.");
            return;
        }

        report.Prove(SignedCheckpoint.Describe(checkpoint, arguments.Key));
        if (SignedCheckpoint.DescribeOthers(proof.Checkpoint, arguments.Key) is { } others) report.Leave(others);
        if (_leaf is not null) await CheckLeafAsync(proof, checkpoint, entries);
        foreach (var entry in entries) await CheckAsync(proof, checkpoint, entry);
        if (other is not null) await other.CompareAsync(checkpoint, computed: null, report);
        else report.Leave(Wording.OneHistory);
    }

    private async Task<InclusionProofFile?> ReadAsync(string text)
    {
        if (text.StartsWith(FileKind.ProofHeader, StringComparison.Ordinal))
        {
            if (InclusionProofFile.TryParse(text, out var file)) return file;
            await report.FindAsync("The file is no whole proof: it was cut off or changed.");
            return null;
        }

        if (!JsonText.TryRead(text, out var document)) throw new UnusableFileException($"{arguments.File} is not JSON.");
        using (document)
        {
            if (TryReadJson(document.RootElement, out var proof, out var problem)) return proof;
            await report.FindAsync($"The proof {problem}.");
            return null;
        }
    }

    private bool TryReadJson(JsonElement json, [NotNullWhen(true)] out InclusionProofFile? proof, [NotNullWhen(false)] out string? problem)
    {
        proof = null;
        problem = null;
        var unknown = json.EnumerateObject().Select(static member => member.Name).FirstOrDefault(static name => !Members.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
            problem = $"has a member {VerifyReport.Quote(unknown)}, which no proof has";
        else if (json.Number("log_index") is not { } index || json.Hashes("hashes") is not { } hashes)
            problem = "has no log_index, or hashes of another form than the service gives them";
        else if (!SignedNote.TryParse(json.Text("checkpoint"), out var note))
            problem = "has no signed checkpoint";
        else if (!Checkpoint.TryParse(note.Text, out var checkpoint) || json.Number("tree_size") != checkpoint.Size)
            problem = "has another tree_size than its checkpoint";
        else if (!LogLeaf.TryDecode(Encoding.UTF8.GetBytes(json.Text("leaf") ?? ""), out _leaf))
            problem = "has no leaf, or one of another form than the service writes";
        else
            proof = new InclusionProofFile(index, hashes, note);

        _salt = json.Text("salt");
        return proof is not null;
    }

    // {"entry":…,"salt":…}, or the entry itself, with its salt or without.
    private async Task<bool> AddAsync(List<HeldEntry> entries, ReadOnlyMemory<byte> text, string name)
    {
        if (!JsonText.TryRead(text, out var document))
        {
            await report.FindAsync($"{name} is not a JSON object, or has a member twice or text that is not Unicode.");
            return false;
        }

        using (document)
        {
            var json = document.RootElement;
            var isWrapped = json.TryGetProperty("entry", out var inner) && inner.ValueKind == JsonValueKind.Object;
            var salt = isWrapped ? json.Text("salt") : null;
            if (HeldEntry.TryRead(isWrapped ? inner : json, salt ?? _salt, out var entry, out var problem))
            {
                entries.Add(entry);
                return true;
            }

            await report.FindAsync($"{name} {problem}.");
            return false;
        }
    }

    private async Task CheckLeafAsync(InclusionProofFile proof, Checkpoint checkpoint, List<HeldEntry> entries)
    {
        if (!IsIncluded(proof, checkpoint, _leaf!))
        {
            await report.FindAsync(NotIncluded($"The leaf of {_leaf!.Id}", proof, checkpoint));
        }
        else if (entries.Count == 0)
        {
            report.Prove(string.Create(
                CultureInfo.InvariantCulture,
                $"An entry with the id {_leaf!.Id} and the time {_leaf.Timestamp} was logged: it has the index {proof.Index} in that tree."));
            report.Leave("What the entry says: that takes the entry itself, with --entry.");
        }
    }

    private async Task CheckAsync(InclusionProofFile proof, Checkpoint checkpoint, HeldEntry entry)
    {
        foreach (var place in entry.Places.Where(place => place != proof.Index))
        {
            await report.FindAsync(string.Create(
                CultureInfo.InvariantCulture, $"The entry {entry.Leaf.Id} says that its place is {place}, and its proof says {proof.Index}."));
        }

        if (!IsIncluded(proof, checkpoint, entry.Leaf))
        {
            await report.FindAsync(NotIncluded($"The entry {entry.Leaf.Id}", proof, checkpoint));
            return;
        }

        var what = entry.IsRedacted
            ? $"An entry with the id {entry.Leaf.Id} and the time {entry.Leaf.Timestamp} was logged, whose content was erased since"
            : $"The entry {entry.Leaf.Id} was logged exactly as it is here: user, query, status, hash, times and attributes";
        report.Prove(string.Create(CultureInfo.InvariantCulture, $"{what}. It has the index {proof.Index} in that tree."));
        report.Leave(entry.IsRedacted ? "What the redacted entry said." : Wording.Hashes);
    }

    private static bool IsIncluded(InclusionProofFile proof, Checkpoint checkpoint, LogLeaf leaf) =>
        TreeProof.IsIncluded(proof.Index, checkpoint.Size, TreeHash.OfLeaf(leaf.Encode()), [.. proof.Hashes], checkpoint.Root);

    private static string NotIncluded(string what, InclusionProofFile proof, Checkpoint checkpoint) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what} is not shown to be at index {proof.Index} of the {checkpoint.Size} entries that the checkpoint is of: it, its salt or its proof was changed, or belongs to another.");
}
