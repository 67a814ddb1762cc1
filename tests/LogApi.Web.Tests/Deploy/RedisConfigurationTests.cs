using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Web.Tests.Deploy;

/// <summary>Starts a real Redis with deploy/redis.conf.</summary>
public sealed class RedisConfigurationTests
{
    private static readonly (string Name, string Value)[] Directives =
    [
        .. OperatorFiles.ReadLines("deploy/redis.conf")
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2))
            .Select(words => (words[0], words[1].Trim('"'))),
    ];

    [Test]
    public void Directives_Durability_IsTheStrongest() => Assert.That(Directives, Is.SupersetOf(new[]
    {
        ("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction"),
    }));

    [Test]
    public async Task RedisServer_EveryDirective_IsInForce()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);

        // The file is read last, so it must be what turns these on.
        await using var server = await RedisServerProcess.StartAsync(
            "--appendonly", "no", "--appendfsync", "no", "--maxmemory-policy", "allkeys-lru", "--include", OperatorFiles.PathOf("deploy/redis.conf"));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.EndPoint + ",allowAdmin=true");
        foreach (var (name, value) in Directives)
        {
            var inForce = await connection.GetServers()[0].ConfigGetAsync(name);
            Assert.That(inForce.Select(setting => setting.Value), Is.EqualTo([value]), name);
        }
    }
}
