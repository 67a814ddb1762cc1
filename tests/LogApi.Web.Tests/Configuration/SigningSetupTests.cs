using LogApi.Application.Common.Errors;
using LogApi.Testing;
using LogApi.Web.Configuration;
using Microsoft.Extensions.Configuration;

namespace LogApi.Web.Tests.Configuration;

public sealed class SigningSetupTests
{
    private TempDirectory _data;

    [SetUp]
    public void MakeFolder() => _data = new TempDirectory();

    [TearDown]
    public void RemoveFolder() => _data.Dispose();

    [Test]
    public void Find_KeyItself_IsTaken() => Assert.That(Find(("LOG_SIGNING_KEY", Some.SigningKey)), Is.EqualTo(Some.VerifierKey));

    [Test]
    public void Find_PathOfAFile_IsRead()
    {
        File.WriteAllText(_data.Combine("key"), Some.SigningKey + "\n");

        Assert.That(
            Find(("LOG_SIGNING_KEY", _data.Combine("key")), ("LOG_ORIGIN", "logs.example.org/audit")), Is.EqualTo(Some.VerifierKey));
    }

    [Test]
    public void Find_FileWithSomethingElse_IsRefusedWithoutIt()
    {
        File.WriteAllText(_data.Combine("key"), "hunter2");

        var refused = Assert.Throws<StartRefusedException>(() => Find(("LOG_SIGNING_KEY", _data.Combine("key"))));

        Assert.That(refused!.Message, Does.StartWith("LOG_SIGNING_KEY holds no signing key").And.Not.Contain("hunter2"));
    }

    [TestCase("", "localhost/logapi/embedded")]
    [TestCase("redis://user:hunter2@Store.example", "localhost/logapi/store.example:6379/logapi:")]
    [TestCase("redis://127.0.0.1:7000/2", "localhost/logapi/127.0.0.1:7000/2/logapi:")]
    [TestCase("b:2,a:1,password=hunter2", "localhost/logapi/a:1,b:2/logapi:")]
    public void Find_DevelopmentWithoutAKey_MakesOneForEachStore(string redisUrl, string origin)
    {
        var key = Find(("REDIS_URL", redisUrl));

        Assert.That(key, Does.StartWith(origin + "+"));
        Assert.That(Find(("REDIS_URL", redisUrl)), Is.EqualTo(key));
        Assert.That(Find(("REDIS_URL", "other")), Is.Not.EqualTo(key));
        Assert.That(Directory.GetFiles(_data.Combine("secrets")), Has.Length.EqualTo(2).And.All.Contains("log-signing-key-"));
    }

    [Test]
    public void Find_StoreWithALongName_IsToldByADigest()
    {
        var key = Find(("REDIS_URL", new string('h', 60) + "." + new string('h', 60)));

        Assert.That(key, Does.Match("^localhost/logapi/[0-9a-f]{32}[+]"));
    }

    [Test]
    public void Find_DevelopmentWithAnOrigin_MakesItsKey() =>
        Assert.That(Find(("LOG_ORIGIN", "logs.example.org/dev")), Does.StartWith("logs.example.org/dev+"));

    [Test]
    public void Find_DevelopmentFileThatIsDamaged_IsRefusedAndKept()
    {
        Find();
        var file = Directory.GetFiles(_data.Combine("secrets")).Single();
        File.WriteAllText(file, "damaged");

        Assert.Throws<StartRefusedException>(() => Find());
        Assert.That(File.ReadAllText(file), Is.EqualTo("damaged"));
    }

    [Test]
    public void Find_OutsideDevelopmentWithoutAKey_IsRefused()
    {
        var configuration = Configure(("LOG_ORIGIN", "logs.example.org/audit"));

        var refused = Assert.Throws<StartRefusedException>(() => SigningSetup.Find(configuration, development: false));

        Assert.That(refused!.Message, Does.StartWith("LOG_SIGNING_KEY is missing"));
        Assert.That(Directory.Exists(_data.Combine("secrets")), Is.False);
    }

    private string Find(params (string Name, string Value)[] settings)
    {
        using var signer = SigningSetup.Find(Configure(settings), development: true);
        return signer.Key.ToString();
    }

    private IConfiguration Configure(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Append(("DATA_DIR", _data.Path)).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)))
        .Build();
}
