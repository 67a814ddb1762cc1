using CsCheck;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis;

[Parallelizable(ParallelScope.All)]
public sealed class BundleRunTests
{
    [Test]
    public void Split_AnyNumbers_KeepsThemInOrder() =>
        Gen.Long[0, 2_000].List[0, 200].Sample(numbers => Assert.That(Read(BundleRun.Split(numbers)), Is.EqualTo(numbers)));

    [Test]
    public void Split_DescendingPage_IsOneRunABundle() =>
        Gen.Select(Gen.Long[0, 5_000], Gen.Int[1, 1_000]).Sample((newest, limit) =>
        {
            var page = Enumerable.Range(0, (int)Math.Min(newest + 1, limit)).Select(i => newest - i).ToList();
            var runs = BundleRun.Split(page);

            Assert.That(Read(runs), Is.EqualTo(page));
            Assert.That(runs, Has.Count.EqualTo((newest / 256) - (page[^1] / 256) + 1));
        });

    [Test]
    public void Cover_AnyRange_GivesEachNumberOnceAscending() =>
        Gen.Select(Gen.Long[0, 5_000], Gen.Int[0, 1_200]).Sample((from, count) =>
            Assert.That(Read(BundleRun.Cover(from, count)), Is.EqualTo(Enumerable.Range(0, count).Select(i => from + i))));

    // A store whose record at each number is that number.
    private static List<long> Read(IReadOnlyList<BundleRun> runs)
    {
        var records = new List<StoredRecord>();
        foreach (var run in runs)
        {
            var values = Enumerable.Range(run.First, run.Count).Select(place => (RedisValue)((run.Bundle * 256) + place));
            run.AddTo(records, new HotBundle(run.First, [.. values]));
        }

        Assert.That(records.Select(record => long.Parse(System.Text.Encoding.ASCII.GetString(record.Record.Span), null)),
            Is.EqualTo(records.Select(record => record.Sequence)));
        return [.. records.Select(record => record.Sequence)];
    }
}
