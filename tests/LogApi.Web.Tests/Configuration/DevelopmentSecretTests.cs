using LogApi.Application.Common.Errors;
using LogApi.Testing;
using LogApi.Web.Configuration;

namespace LogApi.Web.Tests.Configuration;

[Platform(Exclude = "Win", Reason = "File modes are those of Unix.")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DevelopmentSecretTests
{
    private TempDirectory _data;

    private string SecretFile => Path.Combine(_data.Path, "secrets", "jwt-secret-key");

    [SetUp]
    public void MakeFolder() => _data = new TempDirectory();

    [TearDown]
    public void RemoveFolder() => _data.Dispose();

    [Test]
    public void GetOrCreate_Twice_GivesTheSameSecretThatOthersCannotRead()
    {
        var first = DevelopmentSecret.OfHashes(_data.Path).GetOrCreate();

        Assert.That(DevelopmentSecret.OfHashes(_data.Path).GetOrCreate(), Is.EqualTo(first));
        Assert.That(Convert.FromBase64String(first), Has.Length.EqualTo(32));
        Assert.That(File.GetUnixFileMode(SecretFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(
            File.GetUnixFileMode(_data.Combine("secrets")),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That(Directory.GetFiles(_data.Combine("secrets")), Has.Length.EqualTo(1));
    }

    [Test]
    public void GetOrCreate_ManyAtOnce_AgreeOnOneSecret()
    {
        for (var round = 0; round < 50; round++)
        {
            var folder = _data.Combine($"{round}");
            var secrets = new string[8];
            using var together = new Barrier(secrets.Length);
            var threads = Enumerable.Range(0, secrets.Length).Select(place => new Thread(() =>
            {
                together.SignalAndWait();
                secrets[place] = DevelopmentSecret.OfHashes(folder).GetOrCreate();
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();

            Assert.That(secrets.Distinct().Count(), Is.EqualTo(1));
            Assert.That(Directory.GetFiles(Path.Combine(folder, "secrets")), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void GetOrCreate_OthersMayRead_IsRefused()
    {
        var secret = DevelopmentSecret.OfHashes(_data.Path).GetOrCreate();
        File.SetUnixFileMode(SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = Assert.Throws<StartRefusedException>(() => DevelopmentSecret.OfHashes(_data.Path).GetOrCreate());

        Assert.That(refused!.Message, Does.Contain("0600").And.Contain(SecretFile).And.Not.Contain(secret));
    }

    [TestCase("")]
    [TestCase("short")]
    public void GetOrCreate_DamagedFile_IsRefusedAndKept(string content)
    {
        DevelopmentSecret.OfHashes(_data.Path).GetOrCreate();
        File.WriteAllText(SecretFile, content);

        Assert.Throws<StartRefusedException>(() => DevelopmentSecret.OfHashes(_data.Path).GetOrCreate());
        Assert.That(File.ReadAllText(SecretFile), Is.EqualTo(content));
    }

    [Test]
    public void GetOrCreate_FolderIsAFile_IsRefused()
    {
        File.WriteAllText(_data.Combine("secrets"), "");

        var refused = Assert.Throws<StartRefusedException>(() => DevelopmentSecret.OfHashes(_data.Path).GetOrCreate());

        Assert.That(refused!.Message, Does.StartWith("DATA_DIR").And.Contain("JWT_SECRET_KEY"));
    }
}
