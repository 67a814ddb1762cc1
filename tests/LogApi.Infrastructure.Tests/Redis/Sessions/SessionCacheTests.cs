using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Sessions;
using LogApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Sessions;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SessionCacheTests
{
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly UserId _ada = Some.UserId("ada");

    [Test]
    public void TryGet_WithinTheLifetime_GivesTheUser()
    {
        var cache = Cache(seconds: 3);
        Keep(cache, "d", remaining: TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(2.9));

        Assert.That(Find(cache, "d"), Is.EqualTo(_ada));
    }

    [Test]
    public void TryGet_AfterTheLifetime_GivesNothing()
    {
        var cache = Cache(seconds: 3);
        Keep(cache, "d", remaining: TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(Find(cache, "d"), Is.Null);
    }

    [Test]
    public void TryGet_SessionEndsBeforeTheLifetime_GivesNothingFromThenOn()
    {
        var cache = Cache(seconds: 3);
        Keep(cache, "d", remaining: TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(0.9));
        var before = Find(cache, "d");
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((before, Find(cache, "d")), Is.EqualTo((_ada, (UserId?)null)));
    }

    [Test]
    public void TryGet_TheLookUpItselfTookLong_CountsFromItsBegin()
    {
        var cache = Cache(seconds: 3);
        var lookup = cache.Begin("d");
        _time.Advance(TimeSpan.FromSeconds(2));
        cache.Keep(lookup, _ada, remaining: null);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(Find(cache, "d"), Is.Null);
    }

    [Test]
    public void Keep_ForgottenSinceTheLookUpBegan_KeepsNothing()
    {
        var cache = Cache(seconds: 3);
        var lookup = cache.Begin("d");
        cache.Forget("d");
        cache.Keep(lookup, _ada, remaining: null);

        Assert.That(Find(cache, "d"), Is.Null);
    }

    [Test]
    public void Keep_ForgottenSinceAndTheHalvesHaveTurned_KeepsNothing()
    {
        var cache = Cache(seconds: 3);
        var lookup = cache.Begin("d");
        _time.Advance(TimeSpan.FromSeconds(2.5));
        var early = cache.Begin("e");
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Keep(cache, "other", remaining: null);
        cache.Forget("d");
        cache.Forget("e");
        cache.Keep(lookup, _ada, remaining: null);
        cache.Keep(early, _ada, remaining: null);

        Assert.That((Find(cache, "d"), Find(cache, "e")), Is.EqualTo(((UserId?)null, (UserId?)null)));
    }

    [Test]
    public void Keep_ClearedSinceTheLookUpBegan_KeepsNothing()
    {
        var cache = Cache(seconds: 3);
        var lookup = cache.Begin("d");
        cache.Clear();
        cache.Keep(lookup, _ada, remaining: null);

        Assert.That(Find(cache, "d"), Is.Null);
    }

    [Test]
    public void Clear_KeptSessions_ForgetsThem()
    {
        var cache = Cache(seconds: 3);
        Keep(cache, "d", remaining: null);
        cache.Clear();

        Assert.That(Find(cache, "d"), Is.Null);
    }

    [Test]
    public void TryGet_AnotherLookUpIsUnderWayInTheNextHalf_GivesWhatTheOlderHalfHas()
    {
        var cache = Cache(seconds: 3);
        Keep(cache, "x", remaining: null);
        _time.Advance(TimeSpan.FromSeconds(2));
        Keep(cache, "d", remaining: null);
        _time.Advance(TimeSpan.FromSeconds(1));
        cache.Begin("d");

        Assert.That(Find(cache, "d"), Is.EqualTo(_ada));
    }

    [Test]
    public void Drop_NothingWasFound_LeavesNothing()
    {
        var cache = Cache(seconds: 3);
        var lookup = cache.Begin("d");
        SessionCache.Drop(lookup);

        Assert.That(lookup.Half.Slots, Is.Empty);
    }

    [Test]
    public void Keep_MoreThanTheBound_HoldsAtMostTheBoundAndTheLatest()
    {
        var cache = Cache(seconds: 3, entries: 10);
        for (var i = 0; i < 100; i++) Keep(cache, $"d{i}", remaining: null);

        var held = Enumerable.Range(0, 100).Where(i => Find(cache, $"d{i}") is not null).ToArray();

        Assert.That(held, Is.EqualTo(Enumerable.Range(100 - held.Length, held.Length)).And.Length.InRange(5, 10));
    }

    private SessionCache Cache(int seconds, int entries = 1000) =>
        new(new SessionCacheOptions { Seconds = seconds, Entries = entries }, _time);

    private void Keep(SessionCache cache, string digest, TimeSpan? remaining) => cache.Keep(cache.Begin(digest), _ada, remaining);

    private static UserId? Find(SessionCache cache, string digest) => cache.TryGet(digest, out var userId) ? userId : null;
}
