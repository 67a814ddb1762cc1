using System.Security.Cryptography;
using CsCheck;
using LogApi.Web.Configuration;

namespace LogApi.Web.Tests.Configuration;

public sealed class SecretStrengthTests
{
    [TestCase("change-me-to-a-long-random-value-please")]
    [TestCase("your-secret-key-change-in-production")]
    [TestCase("YOUR_SECRET_KEY_AT_LEAST_32_BYTES_LONG")]
    [TestCase("a-32-byte-or-longer-test-secret-key!")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("abababababababababababababababababababab")]
    [TestCase("0123456789abcdef0123456789abcdef")]
    [TestCase("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7")]
    [TestCase("secret")]
    [TestCase("wq3h8XK2pLz0vTn5RbYd7cUs1JmGfEa")]
    public void Check_WeakSecret_IsRefusedWithoutShowingIt(string secret)
    {
        Assert.That(SecretStrength.Check(secret), Is.Not.Null.And.Not.Contain(secret));
    }

    [Test]
    public void Check_RandomSecret_IsAccepted()
    {
        Gen.Byte.Array[32].Sample(seed =>
            SecretStrength.Check(Convert.ToBase64String(SHA256.HashData(seed))) is null
            && SecretStrength.Check(Convert.ToHexString(SHA256.HashData(seed))) is null);
    }
}
