using System.Text.Json;
using CsCheck;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Signing;

public sealed class CheckpointSignerTests
{
    private static readonly CheckpointSigner Signer = Read(Some.SigningKey);

    private static readonly IReadOnlyList<string> Checkpoints =
        [.. JsonDocument.Parse(File.ReadAllBytes(Repository.Combine("tests", "vectors", "tlog.json")))
            .RootElement.GetProperty("checkpoints").EnumerateObject().Select(note => note.Value.GetString()!)];

    [OneTimeTearDown]
    public void ForgetKey() => Signer.Dispose();

    [Test]
    public void Key_KnownSigningKey_IsItsVerifierKey() => Assert.That(Signer.Key.ToString(), Is.EqualTo(Some.VerifierKey));

    [TestCaseSource(nameof(Checkpoints))]
    public void Sign_KnownCheckpoint_IsByteForByteTheKnownNote(string known)
    {
        Assert.That(SignedNote.TryParse(known, out var note), Is.True);
        Assert.That(Checkpoint.TryParse(note!.Text, out var checkpoint), Is.True);

        Assert.That(Signer.Sign(checkpoint!).ToString(), Is.EqualTo(known));
        Assert.That(Signer.IsSigned(note), Is.True);
    }

    [Test]
    public void Sign_AnotherLogsCheckpoint_Throws()
    {
        var checkpoint = new Checkpoint("logs.example.org/other", 0, TreeHash.Empty);

        Assert.Throws<ArgumentException>(() => Signer.Sign(checkpoint));
    }

    [Test]
    public void IsSigned_AnyBitOfTextOrSignatureFlipped_IsFalse()
    {
        Assert.That(SignedNote.TryParse(Checkpoints[0], out var note), Is.True);
        var text = System.Text.Encoding.UTF8.GetBytes(note!.Text);
        var signature = note.Signatures[0].Value.ToArray();

        for (var bit = 0; bit < 8 * (text.Length + signature.Length); bit++)
        {
            byte[] both = [.. text, .. signature];
            both[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(Ed25519Signatures.Check(Signer.Key, both.AsSpan(..text.Length), both.AsSpan(text.Length..)), Is.False);
        }
    }

    [Test]
    public void Generate_AnyName_MakesAKeyThatSignsAndIsItsOwn()
    {
        Gen.Char.AlphaNumeric.Array[1, 128].Sample(
            characters =>
            {
                var name = new string(characters);
                using var signer = Read(CheckpointSigner.Generate(name));
                using var other = Read(CheckpointSigner.Generate(name));
                var note = signer.Sign(new Checkpoint(name, 0, TreeHash.Empty));
                return signer.IsSigned(note) && !other.IsSigned(note) && !Signer.IsSigned(note);
            },
            iter: 50);
    }

    [TestCase("", "holds no signing key")]
    [TestCase("PRIVATE+KEY+logs.example.org/other+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg", "the id of another one")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b2+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg", "the id of another one")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mh", "the id of another one")]
    public void TryCreate_NoKeyOrNotItsId_SaysSoWithoutTheKey(string text, string expected)
    {
        Assert.That(CheckpointSigner.TryCreate(text, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain(expected).And.Not.Contain("Aavu"));
    }

    private static CheckpointSigner Read(string text) =>
        CheckpointSigner.TryCreate(text, out var signer, out var problem) ? signer : throw new InvalidDataException(problem);
}
