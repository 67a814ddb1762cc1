using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Idempotency;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Idempotency;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RedisIdempotencyStoreTests(StoreKind kind)
{
    private static readonly byte[] Digest = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] Outcome = [7, 0, 255];

    [Test]
    public async Task ClaimAsync_ClaimedByAnotherProcess_IsUnderWayUntilItEnds()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var (one, other) = (Requests(store.Connection), Requests(await store.ConnectAsync()));

        var first = await one.ClaimAsync("a", default, default);
        await using (var meanwhile = await other.ClaimAsync("a", default, default))
        {
            Assert.That(meanwhile.State, Is.EqualTo(RequestState.UnderWay));
            Assert.That(meanwhile.RetryAfter, Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        }

        await using (var another = await other.ClaimAsync("b", default, default)) Assert.That(another.State, Is.EqualTo(RequestState.First));
        Assert.That(first.State, Is.EqualTo(RequestState.First));
        Assert.That(first.IsHeld, Is.True);
        await first.DisposeAsync();
        await using var retry = await other.ClaimAsync("a", default, default);

        Assert.That(first.IsHeld, Is.False);
        Assert.That(retry.State, Is.EqualTo(RequestState.Retry));
        Assert.That(retry.Seed.Time, Is.EqualTo(first.Seed.Time));
        Assert.That(Enumerable.Range(0, 100).Select(retry.Seed.IdOf), Is.EqualTo(Enumerable.Range(0, 100).Select(first.Seed.IdOf)).And.Unique);
        Assert.That(retry.BodyDigest.IsEmpty, Is.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task FinishAsync_Outcome_IsTheAnswerInEveryProcess(bool digestFromTheStart)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var (one, other) = (Requests(store.Connection), Requests(await store.ConnectAsync()));
        await using var first = await one.ClaimAsync("a", digestFromTheStart ? Digest : default, default);
        Assert.That(first.BodyDigest.IsEmpty, Is.EqualTo(!digestFromTheStart));

        await first.FinishAsync(Digest, Outcome);

        for (var round = 0; round < 2; round++)
        {
            await using var again = await other.ClaimAsync("a", default, default);
            Assert.That(again.State, Is.EqualTo(RequestState.Answered));
            Assert.That(again.BodyDigest.ToArray(), Is.EqualTo(Digest));
            Assert.That(again.Outcome.ToArray(), Is.EqualTo(Outcome));
            Assert.That(again.Seed.IdOf(3), Is.EqualTo(first.Seed.IdOf(3)));
        }
    }

    [Test]
    public async Task ClaimAsync_DigestFromTheStart_IsThereForARetry()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var requests = Requests(store.Connection);
        await (await requests.ClaimAsync("a", Digest, default)).DisposeAsync();

        await using var retry = await requests.ClaimAsync("a", default, default);

        Assert.That(retry.State, Is.EqualTo(RequestState.Retry));
        Assert.That(retry.BodyDigest.ToArray(), Is.EqualTo(Digest));
    }

    [Test]
    public async Task Claim_ItsProcessLives_IsProlonged()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var time = new FakeTimeProvider();
        await using var claim = await Requests(store.Connection, time).ClaimAsync("a", default, default);
        var key = store.Connection.Keys.RequestClaim("a");
        await store.Connection.Database.KeyExpireAsync(key, TimeSpan.FromSeconds(4));

        time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.BecomesTrueAsync(async () => await store.Connection.Database.KeyTimeToLiveAsync(key) > TimeSpan.FromSeconds(5));

        Assert.That(claim.IsHeld, Is.True);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(claim.IsHeld, Is.True);
    }

    [Test]
    public async Task Claim_NotProlongedInTime_IsHeldNoMore()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var time = new FakeTimeProvider();
        await using var claim = await Requests(store.Connection, time).ClaimAsync("a", default, default);
        var key = store.Connection.Keys.RequestClaim("a");
        await store.Connection.Database.KeyDeleteAsync(key);

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.That(claim.IsHeld, Is.False);
    }

    [Test]
    public async Task FinishAsync_ClaimIsAnothersByNow_LeavesTheRequestToIt()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var requests = Requests(store.Connection);
        await using var late = await requests.ClaimAsync("a", default, default);
        await store.Connection.Database.KeyDeleteAsync(store.Connection.Keys.RequestClaim("a"));
        await using var present = await requests.ClaimAsync("a", default, default);

        await late.FinishAsync(Digest, Outcome);

        Assert.That(present.State, Is.EqualTo(RequestState.Retry));
        await using var next = await requests.ClaimAsync("a", default, default);
        Assert.That(next.State, Is.EqualTo(RequestState.UnderWay));
    }

    [Test]
    public async Task ClaimAsync_AnyRequest_IsForgottenAfterItsTime()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var requests = Requests(store.Connection);
        var database = store.Connection.Database;
        var key = store.Connection.Keys.Request("a");

        await using var claim = await requests.ClaimAsync("a", default, default);
        var open = await database.KeyTimeToLiveAsync(key);
        await claim.FinishAsync(Digest, Outcome);
        var answered = await database.KeyTimeToLiveAsync(key);

        var day = TimeSpan.FromHours(24);
        Assert.That(open, Is.InRange(day - TimeSpan.FromMinutes(1), day));
        Assert.That(answered, Is.InRange(day - TimeSpan.FromMinutes(1), day));
        Assert.That(await database.KeyExistsAsync(store.Connection.Keys.RequestClaim("a")), Is.False);
    }

    [Test]
    public async Task ClaimAsync_Retry_IsRememberedFromThenOn()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var requests = Requests(store.Connection);
        await (await requests.ClaimAsync("a", default, default)).DisposeAsync();
        var key = store.Connection.Keys.Request("a");
        await store.Connection.Database.KeyExpireAsync(key, TimeSpan.FromMinutes(1));

        await using var retry = await requests.ClaimAsync("a", default, default);

        Assert.That(retry.State, Is.EqualTo(RequestState.Retry));
        Assert.That(await store.Connection.Database.KeyTimeToLiveAsync(key), Is.GreaterThan(TimeSpan.FromHours(23)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Claim_ProlongedOrEnded_IsRememberedFromThenOn(bool isEnded)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var time = new FakeTimeProvider();
        await using var claim = await Requests(store.Connection, time).ClaimAsync("a", default, default);
        var key = store.Connection.Keys.Request("a");
        await store.Connection.Database.KeyExpireAsync(key, TimeSpan.FromMinutes(1));

        if (isEnded) await claim.DisposeAsync();
        else time.Advance(TimeSpan.FromSeconds(3));

        await Eventually.BecomesTrueAsync(async () => await store.Connection.Database.KeyTimeToLiveAsync(key) > TimeSpan.FromHours(23));
    }

    [Test]
    public async Task ClaimAsync_RecordEditedCutOffOrAnotherRequests_IsDamagedAndNotHeldOnTo([Values] bool isAnswered)
    {
        await using var store = await StoreFixture.StartAsync(kind);
        var requests = Requests(store.Connection);
        foreach (var request in new[] { "a", "b" })
        {
            await using var claim = await requests.ClaimAsync(request, default, default);
            if (isAnswered) await claim.FinishAsync(Digest, Outcome);
        }

        var database = store.Connection.Database;
        var (key, other) = (store.Connection.Keys.Request("a"), store.Connection.Keys.Request("b"));
        var record = (byte[])(await database.StringGetAsync(key))!;
        List<byte[]> forged = [[], record[..^1], record[1..], [.. record, 0], (byte[])(await database.StringGetAsync(other))!];
        for (var i = 0; i < record.Length; i++)
        {
            var changed = record.ToArray();
            changed[i] ^= 3;
            forged.Add(changed);
        }

        foreach (var value in forged)
        {
            await database.StringSetAsync(key, value);
            await using var claim = await requests.ClaimAsync("a", Digest, default);
            Assert.That(claim.State, Is.EqualTo(RequestState.Damaged));
            Assert.That(claim.IsHeld, Is.False);
        }

        await database.StringSetAsync(key, record);
        await using var again = await requests.ClaimAsync("a", default, default);
        Assert.That(again.State, Is.EqualTo(isAnswered ? RequestState.Answered : RequestState.Retry), "no claim was left behind");
    }

    [Test]
    public async Task ClaimAsync_SecretChangedSince_StillBelievesTheRecord()
    {
        await using var store = await StoreFixture.StartAsync(kind);
        await using (var first = await Requests(store.Connection).ClaimAsync("a", default, default)) await first.FinishAsync(Digest, Outcome);
        using var rotated = new EntryHasher("another secret of tests, 32 bytes or more"u8, "a secret of tests, 32 bytes or more"u8.ToArray());
        using var other = new EntryHasher("another secret of tests, 32 bytes or more"u8);

        await using var known = await Requests(store.Connection, hasher: rotated).ClaimAsync("a", default, default);
        await using var unknown = await Requests(store.Connection, hasher: other).ClaimAsync("a", default, default);

        Assert.That((known.State, unknown.State), Is.EqualTo((RequestState.Answered, RequestState.Damaged)));
    }

    private static RedisIdempotencyStore Requests(RedisConnection connection, TimeProvider? time = null, EntryHasher? hasher = null) =>
        new(connection, new IdempotencyOptions(), hasher ?? Some.Hasher, time ?? TimeProvider.System, NullLogger<RedisIdempotencyStore>.Instance);
}
