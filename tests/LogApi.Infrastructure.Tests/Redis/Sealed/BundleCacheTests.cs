using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

public sealed class BundleCacheTests
{
    [Test]
    public void Add_ReadBeforeTheLastGenerationBegan_IsNotKept()
    {
        var cache = new BundleCache(new SealedOptions());
        var bundle = SealedBundle.Decode(BundleEncoder.Encode([]));
        cache.Follow(Head(generation: 1));

        cache.Add(Head(generation: 1), 7, bundle);
        var before = cache.Find(7);
        cache.Follow(Head(generation: 2));
        var after = cache.Find(7);
        cache.Add(Head(generation: 1), 7, bundle);
        cache.Follow(Head(generation: 1, first: 9 * 256));
        var late = cache.Find(7);
        cache.Add(Head(generation: 2), 7, bundle);

        Assert.That(before, Is.SameAs(bundle));
        Assert.That(after, Is.Null);
        Assert.That(late, Is.Null);
        Assert.That(cache.Find(7), Is.SameAs(bundle));
    }

    [Test]
    public void Add_ReadBeforeSomethingWasRedacted_IsNotKept()
    {
        var cache = new BundleCache(new SealedOptions());
        var bundle = SealedBundle.Decode(BundleEncoder.Encode([]));

        cache.Add(Head(generation: 0), 7, bundle);
        cache.Follow(Head(generation: 0, redactions: 1));
        var after = cache.Find(7);
        cache.Add(Head(generation: 0), 7, bundle);
        var late = cache.Find(7);
        cache.Add(Head(generation: 0, redactions: 1), 7, bundle);
        cache.Follow(Head(generation: 0, redactions: 1));

        Assert.That(after, Is.Null);
        Assert.That(late, Is.Null);
        Assert.That(cache.Find(7), Is.SameAs(bundle));
    }

    private static LogExtent Head(long generation, long first = 0, long redactions = 0) =>
        new(new LogHead("epoch", first, first, redactions), first, generation);
}
