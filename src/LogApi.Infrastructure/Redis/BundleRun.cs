using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis;

/// <summary>A run of neighbouring records of one bundle: what one command reads.</summary>
/// <param name="Bundle">The bundle's number.</param>
/// <param name="First">The first record's place in the bundle, 0 to 255.</param>
/// <param name="Last">The last record's place in the bundle, 0 to 255.</param>
/// <param name="Descending">Whether the newest record was asked for first.</param>
internal readonly record struct BundleRun(long Bundle, int First, int Last, bool Descending)
{
    public int Count => Last - First + 1;

    /// <summary>Covers <paramref name="count"/> numbers from <paramref name="from"/> on, ascending.</summary>
    public static IReadOnlyList<BundleRun> Cover(long from, int count)
    {
        var runs = new List<BundleRun>((count / RedisKeys.BundleSize) + 2);
        var end = from + count;
        while (from < end)
        {
            var (bundle, first) = Math.DivRem(from, RedisKeys.BundleSize);
            var last = (int)Math.Min(RedisKeys.BundleSize - 1, first + end - from - 1);
            runs.Add(new BundleRun(bundle, (int)first, last, Descending: false));
            from += last - first + 1;
        }

        return runs;
    }

    /// <summary>Splits numbers, in the order they are asked for, into as few runs as keep that order.</summary>
    public static IReadOnlyList<BundleRun> Split(IReadOnlyList<long> sequences)
    {
        var runs = new List<BundleRun>();
        foreach (var sequence in sequences)
        {
            var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
            var single = new BundleRun(bundle, (int)place, (int)place, Descending: false);
            if (runs.Count > 0 && runs[^1].TryExtend(single, out var longer)) runs[^1] = longer;
            else runs.Add(single);
        }

        return runs;
    }

    /// <summary>Adds this run's records, in the order asked for; one that the bundle lacks comes out empty.</summary>
    public void AddTo(List<StoredRecord> records, LogBundle? content)
    {
        for (var i = 0; i < Count; i++)
        {
            var place = Descending ? Last - i : First + i;
            records.Add(new StoredRecord((Bundle * RedisKeys.BundleSize) + place, content?.RecordAt(place) ?? default));
        }
    }

    private bool TryExtend(BundleRun single, out BundleRun longer)
    {
        longer = this;
        if (single.Bundle != Bundle) return false;
        if (single.First == Last + 1 && (Count == 1 || !Descending)) longer = this with { Last = single.First, Descending = false };
        else if (single.First == First - 1 && (Count == 1 || Descending)) longer = this with { First = single.First, Descending = true };
        else return false;
        return true;
    }
}
