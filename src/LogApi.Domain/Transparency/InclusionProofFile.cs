using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace LogApi.Domain.Transparency;

/// <summary>
/// A proof that stands alone (C2SP tlog-proof): a leaf's place, the hashes that lead from it to a root, and the signed checkpoint
/// with that root.
/// </summary>
/// <param name="Index">The leaf's place.</param>
/// <param name="Hashes">The inclusion proof.</param>
/// <param name="Checkpoint">The signed checkpoint, as it was published.</param>
public sealed record InclusionProofFile(long Index, IReadOnlyList<TreeHash> Hashes, SignedNote Checkpoint)
{
    private const string Header = "c2sp.org/tlog-proof@v1\n";
    private const string ExtraWord = "extra ";
    private const string IndexWord = "index ";

    /// <summary>What the file carries besides, such as the entry itself; no signature covers it. Mostly empty.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Reads the file.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out InclusionProofFile? proof)
    {
        proof = null;
        if (text is null || !text.StartsWith(Header, StringComparison.Ordinal)) return false;
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !SignedNote.TryParse(text[(end + 2)..], out var checkpoint)) return false;
        var lines = text[Header.Length..end].Split('\n');
        byte[] extra = [];
        if (lines[0].StartsWith(ExtraWord, StringComparison.Ordinal))
        {
            if (lines.Length == 1 || !StrictBase64.TryDecode(lines[0][ExtraWord.Length..], out var decoded)) return false;
            extra = decoded;
            lines = lines[1..];
        }

        if (!lines[0].StartsWith(IndexWord, StringComparison.Ordinal)) return false;
        if (!long.TryParse(lines[0].AsSpan(IndexWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return false;
        var hashes = new TreeHash[lines.Length - 1];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (!TreeHash.TryParse(lines[i + 1], out hashes[i])) return false;
        }

        proof = new InclusionProofFile(index, hashes, checkpoint) { Extra = extra };
        return proof.ToString().Equals(text, StringComparison.Ordinal);
    }

    /// <summary>Gives the file's text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Header);
        if (!Extra.IsEmpty) text.Append(ExtraWord).Append(Convert.ToBase64String(Extra.Span)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{IndexWord}{Index}\n");
        foreach (var hash in Hashes) text.Append(hash).Append('\n');
        return text.Append('\n').Append(Checkpoint).ToString();
    }
}
