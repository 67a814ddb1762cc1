using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class SignedNoteTests
{
    private const string Text = "first\n\nlast\n";

    private static readonly NoteKey Key = Parse(TreeVectors.VerifierKey);
    private static readonly byte[] Signature = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    private static readonly SignedNote.SignatureCheck Accept =
        (key, text, signature) => key == Key && text.SequenceEqual("first\n\nlast\n"u8) && signature.SequenceEqual(Signature);

    [Test]
    public void Parse_KnownKey_PrintsTheSame()
    {
        Assert.That(Key.Name, Is.EqualTo("logs.example.org/audit"));
        Assert.That(Key.Id, Is.EqualTo(0x7b8cc6b1));
        Assert.That(Key.ToString(), Is.EqualTo(TreeVectors.VerifierKey));
    }

    [TestCase("")]
    [TestCase("logs.example.org/audit+7b8cc6b1")]
    [TestCase("logs.example.org/audit+7b8cc6b2+AVvn69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKDl")]
    [TestCase("logs.example.org/audit+7B8CC6B1+AVvn69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKDl")]
    [TestCase("logs.example.org/other+7b8cc6b1+AVvn69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKDl")]
    [TestCase("logs.example.org/audit+7b8cc6b1+AVvn69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKD l")]
    [TestCase("logs.example.org/audit+7b8cc6b1+AlvN69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKDl")]
    [TestCase("logs example+7b8cc6b1+AVvn69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKDl")]
    public void TryParse_AnyOtherKey_Fails(string vkey) => Assert.That(NoteKey.TryParse(vkey, out _), Is.False);

    [Test]
    public void Create_ThenParse_IsSigned()
    {
        var note = SignedNote.Create(Text, Key, Signature).ToString();

        Assert.That(SignedNote.TryParse(note, out var parsed), Is.True);
        Assert.That(parsed!.Text, Is.EqualTo(Text));
        Assert.That(parsed.IsSignedBy(Key, Accept), Is.True);
    }

    [Test]
    public void IsSignedBy_UnknownSignerBeside_IsPassedOver()
    {
        var note = $"{SignedNote.Create(Text, Key, Signature)}\u2014 somebody.else AAAAAAAA\n";

        Assert.That(SignedNote.TryParse(note, out var parsed), Is.True);
        Assert.That(parsed!.IsSignedBy(Key, Accept), Is.True);
        Assert.That(parsed.IsSignedBy(new NoteKey("somebody.else", new byte[32]), Accept), Is.False);
    }

    [Test]
    public void IsSignedBy_KnownSignerWithABadSignatureToo_IsRejected()
    {
        var bad = SignedNote.Create(Text, Key, new byte[64]).ToString();
        var note = SignedNote.Create(Text, Key, Signature) + bad[bad.IndexOf('\u2014', StringComparison.Ordinal)..];

        Assert.That(SignedNote.TryParse(note, out var parsed), Is.True);
        Assert.That(parsed!.IsSignedBy(Key, Accept), Is.False);
    }

    [TestCase("text\n")]
    [TestCase("text\n\n")]
    [TestCase("text\n\n\u2014 name\n")]
    [TestCase("text\n\n\u2014 name AAAAAAAA")]
    [TestCase("text\n\n- name AAAAAAAA\n")]
    [TestCase("text\n\n\u2014 name AAAA\n")]
    [TestCase("text\n\n\u2014 name AAAA AAAA\n")]
    [TestCase("text\n\n\u2014 na+me AAAAAAAA\n")]
    [TestCase("te\rxt\n\n\u2014 name AAAAAAAA\n")]
    public void TryParse_AnythingElse_Fails(string note) => Assert.That(SignedNote.TryParse(note, out _), Is.False);

    private static NoteKey Parse(string vkey) =>
        NoteKey.TryParse(vkey, out var key) ? key : throw new InvalidDataException(vkey);
}
