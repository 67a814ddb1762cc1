using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LogApi.Testing;

namespace LogApi.Web.Tests.Hosting;

public sealed class StartFailureTests
{
    private static readonly (string, string) Secret = ("JWT_SECRET_KEY", Some.Secret);
    private static readonly (string, string) SigningKey = ("LOG_SIGNING_KEY", Some.SigningKey);

    [TestCase("", "is missing")]
    [TestCase("tooShortToBeASecret", "too short")]
    [TestCase("a-32-byte-or-longer-test-secret-key!", "well-known")]
    public async Task Start_NoFitSecret_IsRefused(string secret, string reason)
    {
        var error = await RefusedAsync([("JWT_SECRET_KEY", secret)]);

        Assert.That(error, Does.StartWith("JWT_SECRET_KEY ").And.Contain(reason));
        if (secret.Length > 0) Assert.That(error, Does.Not.Contain(secret));
    }

    [TestCase("tooShortToBeASecret", "too short")]
    [TestCase(Some.Secret + ",a-32-byte-or-longer-test-secret-key!", "well-known")]
    public async Task Start_PreviousSecretThatIsNotFit_IsRefused(string secrets, string reason)
    {
        var error = await RefusedAsync([Secret, SigningKey, ("JWT_SECRET_KEY_PREVIOUS", secrets)]);

        Assert.That(error, Does.StartWith("JWT_SECRET_KEY_PREVIOUS holds a secret that ").And.Contain(reason));
        Assert.That(error, Does.Not.Contain(Some.Secret).And.Not.Contain("tooShort"));
    }

    [TestCase("", "is missing")]
    [TestCase("no/such/file", "neither a key nor the path of a file that can be read")]
    [TestCase("PRIVATE+KEY+logs.example.org/audit+7b8cc6b1", "holds no signing key")]
    [TestCase("PRIVATE+KEY+logs.example.org/other+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg", "the id of another one")]
    public async Task Start_NoFitSigningKey_IsRefused(string key, string reason)
    {
        var error = await RefusedAsync([Secret, ("LOG_SIGNING_KEY", key)]);

        Assert.That(error, Does.StartWith("LOG_SIGNING_KEY ").And.Contain(reason).And.Contain("new-key"));
        Assert.That(error, Does.Not.Contain("Aavu2k"));
    }

    [TestCase("logs.example.org/other", "that of \"logs.example.org/audit\"")]
    [TestCase("two words", "a character that it may not have")]
    public async Task Start_OriginThatTheKeyCannotHave_IsRefused(string origin, string reason)
    {
        Assert.That(
            await RefusedAsync([Secret, SigningKey, ("LOG_ORIGIN", origin)]), Does.StartWith("LOG_ORIGIN ").And.Contain(reason));
    }

    [Test]
    public async Task Start_NumberOutOfRange_IsRefused()
    {
        Assert.That(
            await RefusedAsync([Secret, ("ACCESS_TOKEN_EXPIRE_MINUTES", "0")]),
            Is.EqualTo("ACCESS_TOKEN_EXPIRE_MINUTES is \"0\", which is out of range; it accepts 1 to 43200 minutes."));
    }

    [Test]
    public async Task Start_MalformedRedisUrl_IsRefusedWithoutItsPassword()
    {
        var error = await RefusedAsync([Secret, ("REDIS_URL", "http://user:hunter2@host")]);

        Assert.That(error, Does.StartWith("REDIS_URL ").And.Contain("redis://").And.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Start_WrongLineInDotEnv_IsRefused()
    {
        await using var server = new ServerProcess();
        await File.WriteAllTextAsync(Path.Combine(server.Folder, ".env"), "MAX_BODY_BYTES=1\n");

        var (exitCode, _, error) = await server.RunAsync([Secret]);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("MAX_BODY_BYTES is \"1\""));
    }

    [Test]
    public async Task Start_PortInUse_IsRefusedInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        var nowhere = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{FreePort.Next()}");

        var error = await RefusedAsync([Secret, SigningKey, ("REDIS_URL", nowhere)], "--urls", address);

        Assert.That(error, Does.StartWith($"Can't listen at {address}: ").And.Contain("address already in use"));
    }

    private static async Task<string> RefusedAsync(IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        await using var server = new ServerProcess();
        var (exitCode, output, error) = await server.RunAsync(environment, arguments);
        Assert.That(exitCode, Is.EqualTo(1), output + error);
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
        Assert.That(output, Does.Not.Contain(" ERR ").And.Not.Contain(" FTL "));
        return error.TrimEnd('\n');
    }
}
