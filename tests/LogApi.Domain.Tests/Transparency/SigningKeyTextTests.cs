using LogApi.Domain.Transparency;
using LogApi.Testing;

namespace LogApi.Domain.Tests.Transparency;

public sealed class SigningKeyTextTests
{
    [Test]
    public void TryParse_KnownKeyWithPlusInItsBase64_EncodesToTheSame()
    {
        Assert.That(SigningKeyText.TryParse(Some.SigningKey, out var key), Is.True);

        Assert.That(key!.Name, Is.EqualTo("logs.example.org/audit"));
        Assert.That(key.Id, Is.EqualTo(0x7b8cc6b1));
        Assert.That(
            Convert.ToHexStringLower(key.Seed), Is.EqualTo("abeeda432aa4713837e33979da478c688591c42c999ff62221e376feb21769a0"));
        Assert.That(key.Encode(), Is.EqualTo(Some.SigningKey));
        Assert.That(key.ToString(), Does.Not.Contain("Aavu2k"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b1")]
    [TestCase("PUBLIC+KEY+logs.example.org/audit+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg")]
    [TestCase("PRIVATE+KEY++7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg")]
    [TestCase("PRIVATE+KEY+two words+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6bx+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b1+Aqvu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6y")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2m g")]
    public void TryParse_AnythingElse_Fails(string? text) => Assert.That(SigningKeyText.TryParse(text, out _), Is.False);
}
