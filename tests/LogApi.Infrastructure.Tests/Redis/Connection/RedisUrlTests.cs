using System.Net;
using CsCheck;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Tests.Redis.Connection;

[Parallelizable(ParallelScope.All)]
public sealed class RedisUrlTests
{
    private static readonly string[] Starts = ["", "redis://", "rediss://", "redis://u:p@", "redis://[", "host,"];

    [TestCase("redis://localhost", "Unspecified/localhost:6379", null, null, null, false)]
    [TestCase("redis://redis:6380", "Unspecified/redis:6380", null, null, null, false)]
    [TestCase("  REDIS://my_redis-1:6380/  ", "Unspecified/my_redis-1:6380", null, null, null, false)]
    [TestCase("redis://127.0.0.1/3", "127.0.0.1:6379", null, null, 3, false)]
    [TestCase("redis://:p%40ss%2Fw%3Ard@localhost/0", "Unspecified/localhost:6379", null, "p@ss/w:rd", 0, false)]
    [TestCase("redis://:a@b@localhost", "Unspecified/localhost:6379", null, "a@b", null, false)]
    [TestCase("redis://:a:b+c@localhost", "Unspecified/localhost:6379", null, "a:b+c", null, false)]
    [TestCase("redis://user:@localhost", "Unspecified/localhost:6379", "user", null, null, false)]
    [TestCase("rediss://ada:%C3%A9@cache.example.org:6390/15", "Unspecified/cache.example.org:6390", "ada", "é", 15, true)]
    [TestCase("redis://[::1]", "[::1]:6379", null, null, null, false)]
    [TestCase("redis://:x@[2001:db8::7]:7000/1", "[2001:db8::7]:7000", null, "x", 1, false)]
    [TestCase("redis1:6379,password=x,ssl=true,defaultDatabase=2", "Unspecified/redis1:6379", null, "x", 2, true)]
    [TestCase("localhost", "Unspecified/localhost:6379", null, null, null, false)]
    public void Parse_AcceptedForm_GivesItsParts(
        string text, string endPoint, string? user, string? password, int? database, bool encrypted)
    {
        var configuration = RedisUrl.Parse(text);
        configuration.SetDefaultPorts();

        Assert.Multiple(() =>
        {
            Assert.That(configuration.EndPoints.Single().ToString(), Is.EqualTo(endPoint));
            Assert.That(configuration.User, Is.EqualTo(user));
            Assert.That(configuration.Password, Is.EqualTo(password));
            Assert.That(configuration.DefaultDatabase, Is.EqualTo(database));
            Assert.That(configuration.Ssl, Is.EqualTo(encrypted));
        });
    }

    [TestCase("http://:hunter2@localhost", "scheme")]
    [TestCase("unix:///var/hunter2", "scheme")]
    [TestCase("redis://", "host")]
    [TestCase("redis://:hunter2@", "host")]
    [TestCase("redis://hunter2@localhost", ":password@")]
    [TestCase("redis://:hunter2@local host", "host")]
    [TestCase("redis://:hunter2@localhost:0", "port")]
    [TestCase("redis://:hunter2@localhost:65536", "port")]
    [TestCase("redis://:hunter2@localhost:", "port")]
    [TestCase("redis://:hunter2@localhost:+1", "port")]
    [TestCase("redis://:hunter2@localhost/-1", "database")]
    [TestCase("redis://:hunter2@localhost/hunter2", "database")]
    [TestCase("redis://:hunter2@localhost/0/1", "database")]
    [TestCase("redis://:hunter2@localhost?db=1", "'?'")]
    [TestCase("redis://:hunter2#x@localhost", "'?' or '#'")]
    [TestCase("redis://:hunter2%@localhost", "'%'")]
    [TestCase("redis://:hunter2%zz@localhost", "'%'")]
    [TestCase("redis://:hunter2%+1@localhost", "'%'")]
    [TestCase("redis://:hunter2%ff@localhost", "UTF-8")]
    [TestCase("redis://:hunter2/x@localhost", "port")]
    [TestCase("redis://:hunter2@[::1", "']'")]
    [TestCase("redis://:hunter2@[::x]", "IPv6")]
    [TestCase("localhost,password=abc,hunter2=1", "configuration string")]
    [TestCase("localhost,ssl=hunter2", "configuration string")]
    [TestCase("password=hunter2", "host")]
    public void Parse_AnythingElse_SaysWhatIsAcceptedAndNothingOfTheValue(string text, string about)
    {
        var failure = Assert.Throws<FormatException>(() => RedisUrl.Parse(text));

        Assert.That(failure!.Message, Does.StartWith("REDIS_URL ")
            .And.Contains(about).And.Contains(RedisUrl.Accepted).And.Not.Contains("hunter2").And.Not.Contains("\n"));
    }

    [Test]
    public void Parse_AnyEncodedUserAndPassword_GivesThemBack() =>
        Gen.Select(Gen.String, Gen.String, Gen.Int[1, 65_535], Gen.Int[0, 99]).Sample((user, password, port, database) =>
        {
            var url = $"redis://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@host:{port}/{database}";

            var configuration = RedisUrl.Parse(url);

            // What URIs can't hold, lone surrogates, is replaced when the URI is made.
            var sent = (User: Uri.UnescapeDataString(Uri.EscapeDataString(user)), Password: Uri.UnescapeDataString(Uri.EscapeDataString(password)));
            return (configuration.User ?? "") == sent.User
                && (configuration.Password ?? "") == sent.Password
                && configuration.EndPoints.Single() is DnsEndPoint { Host: "host" } endPoint && endPoint.Port == port
                && configuration.DefaultDatabase == database;
        });

    [Test]
    public void TryParse_AnyText_NeverThrowsAndGivesEitherAConfigurationOrAProblem() =>
        Gen.Select(Gen.Int[0, Starts.Length - 1], Gen.String).Sample((start, text) =>
            RedisUrl.TryParse(Starts[start] + text, out var configuration, out var problem)
                ? problem is null && configuration!.EndPoints.Count > 0
                : configuration is null && problem is { Length: > 0 });
}
