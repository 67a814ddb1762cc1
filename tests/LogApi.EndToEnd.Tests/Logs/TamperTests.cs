using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace LogApi.EndToEnd.Tests.Logs;

/// <summary>Changes to stored entries made behind the service's back, directly in Redis.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TamperTests
{
    [Test]
    public async Task Verify_AFieldWasEdited_SaysNotValidAndWhy()
    {
        string[] fields = ["id", "user_id", "query", "status", "timestamp", "hash"];
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        var untouched = await client.WriteAsync("SELECT 1");
        var entries = new List<JsonElement>();
        foreach (var field in fields) entries.Add(await client.WriteAsync($"SELECT '{field}'"));

        // A log that is changed before anything of it was signed has no entry that could be vouched for.
        await client.IsIncludedAsync(entries[^1]);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);

        foreach (var (field, entry) in fields.Zip(entries))
        {
            var value = entry.GetProperty(field).GetString()!;
            var changed = value[..^1] + (value[^1] is '7' ? '8' : '7');
            await EditAsync(redis, (int)entry.Seq(), $"\"{field}\":\"{value}\"", $"\"{field}\":\"{changed}\"");
            var verdict = await service.Server.Client.VerifyAsync(entry.Id());

            Assert.That(verdict.GetProperty("valid").GetBoolean(), Is.False, field);
            Assert.That(verdict.GetProperty("verification_token").ValueKind, Is.EqualTo(JsonValueKind.Null), field);
            Assert.That(verdict.GetProperty("error").GetString(), Is.Not.Empty, field);
        }

        Assert.That((await service.Server.Client.VerifyAsync(untouched.Id())).GetProperty("valid").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Verify_MemberWasAdded_SaysNotValid()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);

        await EditAsync(redis, index: 0, "\"status\":", "\"role\":\"admin\",\"status\":");

        Assert.That((await service.Server.Client.VerifyAsync(entry.Id())).GetProperty("valid").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Verify_EntriesWereSwapped_SaysNotValidForBoth()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        var one = await client.WriteAsync("SELECT 1");
        var other = await client.WriteAsync("SELECT 2");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);
        var database = redis.GetDatabase();
        var records = await database.ListRangeAsync(Bundle);
        await database.ListSetByIndexAsync(Bundle, 0, records[1]);
        await database.ListSetByIndexAsync(Bundle, 1, records[0]);

        Assert.That((await service.Server.Client.VerifyAsync(one.Id())).GetProperty("valid").GetBoolean(), Is.False);
        Assert.That((await service.Server.Client.VerifyAsync(other.Id())).GetProperty("valid").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Verify_ContentOfAnotherEntryUnderTheSameId_SaysNotValid()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        var harmful = await client.WriteAsync("DROP TABLE users");
        var harmless = await client.WriteAsync("SELECT 1");
        await client.IsIncludedAsync(harmless);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);
        var database = redis.GetDatabase();
        var record = (string)(await database.ListGetByIndexAsync(Bundle, 1))!;
        await database.ListSetByIndexAsync(Bundle, 0, record.Replace(harmless.Id(), harmful.Id(), StringComparison.Ordinal));

        Assert.That((await service.Server.Client.VerifyAsync(harmful.Id())).GetProperty("valid").GetBoolean(), Is.False);
        Assert.That((await service.Server.Client.VerifyAsync(harmless.Id())).GetProperty("valid").GetBoolean());
    }

    [Test]
    public async Task Verify_BundleWasDeleted_SaysThatTheRecordIsGone()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        var entry = await client.WriteAsync("SELECT 1");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.EndPoint);

        await redis.GetDatabase().KeyDeleteAsync(Bundle);
        var verdict = await service.Server.Client.VerifyAsync(entry.Id());

        Assert.That(verdict.GetProperty("valid").GetBoolean(), Is.False);
        Assert.That(verdict.GetProperty("error").GetString(), Does.Contain("gone"));
    }

    [Test]
    public async Task Redis_AfterLoginAndWrites_HoldsNoToken()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis);
        using var client = await service.Server.LoginAsync("ada");
        await client.WriteAsync("SELECT 1");
        var token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        await service.Redis.StopAsync();

        var files = Directory.GetFiles(service.Redis.Folder, "*", SearchOption.AllDirectories);
        var everything = string.Concat(files.Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));

        Assert.That(everything, Does.Contain("SELECT 1"));
        Assert.That(everything, Does.Not.Contain(token));
    }

    private static RedisKey Bundle => "logapi:{log}:entries:0";

    private static async Task EditAsync(ConnectionMultiplexer redis, int index, string from, string to)
    {
        var database = redis.GetDatabase();
        var record = (string)(await database.ListGetByIndexAsync(Bundle, index))!;
        Assert.That(record, Does.Contain(from));
        await database.ListSetByIndexAsync(Bundle, index, record.Replace(from, to, StringComparison.Ordinal));
    }
}
