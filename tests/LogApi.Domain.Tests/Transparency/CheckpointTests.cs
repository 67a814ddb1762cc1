using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class CheckpointTests
{
    private const string Root = "z5tMKkSnyqci1dVI7mT/kKEZsMMaysNETcWDAAo508o=";

    [Test]
    public void TryParse_KnownCheckpoints_GivesSizeAndRoot()
    {
        foreach (var (size, text) in TreeVectors.Checkpoints)
        {
            Assert.That(SignedNote.TryParse(text, out var note), Is.True);
            Assert.That(Checkpoint.TryParse(note!.Text, out var checkpoint), Is.True);
            Assert.That(checkpoint!.Size, Is.EqualTo(size));
            Assert.That(checkpoint.Root, Is.EqualTo(TreeVectors.Roots[size]));
            Assert.That(checkpoint.Text, Is.EqualTo(note.Text));
            Assert.That(note.ToString(), Is.EqualTo(text));
        }
    }

    [TestCase("o\n13\n" + Root + "\n", true)]
    [TestCase("o\n13\n" + Root + "\nmore\n", true)]
    [TestCase("o\n13\n" + Root, false)]
    [TestCase("o\n013\n" + Root + "\n", false)]
    [TestCase("o\n-1\n" + Root + "\n", false)]
    [TestCase("o\n+1\n" + Root + "\n", false)]
    [TestCase("o\n\n" + Root + "\n", false)]
    [TestCase("\n13\n" + Root + "\n", false)]
    [TestCase("o\n13\n" + Root + " \n", false)]
    [TestCase("o\n13\n" + Root + "\n\n", false)]
    [TestCase("o\n13\nz5tMKkSnyqci1dVI7mT/kKEZsMMaysNETcWDAAo508p=\n", false)]
    [TestCase("o\n13\nz5tMKkSnyqci1dVI7mT/kKEZsMMaysNETcWDAAo508\n", false)]
    [TestCase("o\n13\n", false)]
    public void TryParse_AnyText_TakesOnlyTheOneForm(string text, bool accepted) =>
        Assert.That(Checkpoint.TryParse(text, out _), Is.EqualTo(accepted));
}
