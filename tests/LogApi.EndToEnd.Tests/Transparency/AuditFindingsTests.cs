using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.EndToEnd.Tests.Transparency;

public sealed class AuditFindingsTests
{
    [Test]
    public async Task Audit_OneEntryWasEdited_NamesItAndEndsTheCommandWithOne()
    {
        await using var data = new TempDirectory();
        await using var redis = await Service.StartRedisAsync();
        var settings = AuditTests.Settings(data, redis);
        await using var server = await ServerProcess.StartAsync(settings);
        using var client = await server.LoginAsync("ada");
        await AuditTests.FillAsync(client, 40);
        await EditAsync(redis, 7);

        var audit = await AuditTests.RunAsync(client);
        await using var command = ServerProcess.Launch(settings, "audit", server.Address.OriginalString);

        Assert.That(audit.GetProperty("verdict").GetString(), Is.EqualTo("tampered"), audit.ToString());
        var findings = audit.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("check").GetString() == "hash").ToList();
        Assert.That(findings, Has.Count.EqualTo(1), audit.ToString());
        Assert.That((findings[0].GetProperty("from").GetInt64(), findings[0].GetProperty("to").GetInt64()), Is.EqualTo((7, 7)));
        Assert.That(await command.WaitForEndAsync(), Is.EqualTo(1), command.Output);
        Assert.That(command.Output, Does.Contain("7"));
    }

    private static async Task EditAsync(RedisServerProcess redis, int place)
    {
        await using var store = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint);
        var db = store.GetDatabase();
        var record = (string)(await db.ListGetByIndexAsync("logapi:{log}:entries:0", place))!;
        Assert.That(record, Does.Contain("SELECT 7"));
        await db.ListSetByIndexAsync("logapi:{log}:entries:0", place, record.Replace("SELECT 7", "SELECT 8", StringComparison.Ordinal));
    }
}
