using LogApi.Infrastructure.Redis;

namespace LogApi.Infrastructure.Tests.Redis;

[Parallelizable(ParallelScope.All)]
public sealed class StoreOptionsTests
{
    [TestCase("", ExpectedResult = true)]
    [TestCase("  ", ExpectedResult = true)]
    [TestCase("redis://localhost", ExpectedResult = true)]
    [TestCase("redis://localhost:x", ExpectedResult = false)]
    public bool Check_RedisUrl_AcceptsWhatCanBeUsed(string url) => Accepts(new StoreOptions { RedisUrl = url }, "REDIS_URL");

    [TestCase("logapi:", ExpectedResult = true)]
    [TestCase("a", ExpectedResult = true)]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123", ExpectedResult = true)]
    [TestCase("01234567890123456789012345678901234567890123456789012345678901234", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    [TestCase("a b", ExpectedResult = false)]
    [TestCase("{x}", ExpectedResult = false)]
    public bool Check_KeyPrefix_AcceptsOneTo64SafeCharacters(string prefix) =>
        Accepts(new StoreOptions { KeyPrefix = prefix }, "REDIS_KEY_PREFIX");

    private static bool Accepts(StoreOptions options, string name)
    {
        var problems = options.Check().ToList();
        Assert.That(problems.Select(problem => problem.Name), Is.SubsetOf(new[] { name }));
        return problems.Count == 0;
    }
}
