using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

public sealed class BundleCacheTests
{
    [Test]
    public void Add_ReadBeforeTheLastGenerationBegan_IsNotKept()
    {
        var cache = new BundleCache(new SealedOptions());
        var bundle = SealedBundle.Decode(BundleEncoder.Encode([]));
        cache.Follow(generation: 1, firstKept: 0);

        cache.Add(generation: 1, 7, bundle);
        var before = cache.Find(7);
        cache.Follow(generation: 2, firstKept: 0);
        var after = cache.Find(7);
        cache.Add(generation: 1, 7, bundle);
        cache.Follow(generation: 1, firstKept: 9);
        var late = cache.Find(7);
        cache.Add(generation: 2, 7, bundle);

        Assert.That(before, Is.SameAs(bundle));
        Assert.That(after, Is.Null);
        Assert.That(late, Is.Null);
        Assert.That(cache.Find(7), Is.SameAs(bundle));
    }
}
