using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class InclusionProofFileTests
{
    [Test]
    public void TryParse_OwnText_IsTheSameProof()
    {
        Assert.That(SignedNote.TryParse(TreeVectors.Checkpoints[13], out var checkpoint), Is.True);
        var known = TreeVectors.Inclusion.First(known => known.Size == 13 && known.Index == 12);
        var text = new InclusionProofFile(known.Index, known.Proof, checkpoint!).ToString();

        Assert.That(text, Does.StartWith("c2sp.org/tlog-proof@v1\nindex 12\n" + known.Proof[0] + "\n"));
        Assert.That(text, Does.EndWith("\n\n" + TreeVectors.Checkpoints[13]));
        Assert.That(InclusionProofFile.TryParse(text, out var parsed), Is.True);
        Assert.That(parsed!.Index, Is.EqualTo(12));
        Assert.That(parsed.Hashes, Is.EqualTo(known.Proof));
        Assert.That(InclusionProofFile.TryParse(text.Replace("index 12", "index 012", StringComparison.Ordinal), out _), Is.False);
        Assert.That(InclusionProofFile.TryParse(text.Replace("@v1", "@v2", StringComparison.Ordinal), out _), Is.False);
    }

    [Test]
    public void TryParse_LoneLeaf_HasNoHashes()
    {
        var text = "c2sp.org/tlog-proof@v1\nindex 0\n\n" + TreeVectors.Checkpoints[1];
        Assert.That(InclusionProofFile.TryParse(text, out var parsed), Is.True);
        Assert.That(parsed!.Hashes, Is.Empty);
    }

    [Test]
    public void TryParse_Extra_IsTheLineBeforeTheIndex()
    {
        Assert.That(SignedNote.TryParse(TreeVectors.Checkpoints[1], out var checkpoint), Is.True);
        var text = new InclusionProofFile(0, [], checkpoint!) { Extra = "more"u8.ToArray() }.ToString();

        Assert.That(text, Does.StartWith("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 0\n\n"));
        Assert.That(InclusionProofFile.TryParse(text, out var parsed), Is.True);
        Assert.That(parsed!.Extra.ToArray(), Is.EqualTo("more"u8.ToArray()));
        Assert.That(InclusionProofFile.TryParse(text.Replace("bW9yZQ==", "", StringComparison.Ordinal), out _), Is.False, "no extra, no line");
        Assert.That(InclusionProofFile.TryParse(text.Replace("bW9yZQ==", "bW9y ZQ==", StringComparison.Ordinal), out _), Is.False);
        Assert.That(InclusionProofFile.TryParse(text.Replace("index 0\n", "", StringComparison.Ordinal), out _), Is.False);
    }
}
