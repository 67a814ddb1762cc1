using LogApi.Application.Common.Errors;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Idempotency;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Idempotency;

public sealed class RedisIdempotencyOutageTests
{
    [Test]
    public async Task ClaimAsync_StoreIsAway_SaysThatNothingWasDone()
    {
        if (!RedisServerProcess.IsAvailable) Assert.Ignore(RedisServerProcess.UnavailableReason);
        await using var redis = await RedisServerProcess.StartAsync();
        await using var store = await StoreFixture.StartAsync(
            ConfigurationOptions.Parse(redis.EndPoint), new StoreOptions { TimeoutMilliseconds = 300 });
        var requests = new RedisIdempotencyStore(
            store.Connection, new IdempotencyOptions(), Some.Hasher, TimeProvider.System, NullLogger<RedisIdempotencyStore>.Instance);
        await using var claim = await requests.ClaimAsync("a", default, default);
        redis.Pause();

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => requests.ClaimAsync("b", default, default));
        await claim.FinishAsync(new byte[32], new byte[] { 1 });

        Assert.That(fault!.Reason, Is.EqualTo(StoreFailure.Unreachable));
        redis.Resume();
    }
}
