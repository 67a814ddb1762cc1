using System.Buffers.Binary;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>What an audit knows of a bundle once it has looked at it.</summary>
/// <param name="bundle">The bundle's number.</param>
/// <param name="most">How many findings are kept.</param>
internal sealed class BundleFacts(long bundle, int most)
{
    public long Bundle => bundle;

    /// <summary>What is wrong with it.</summary>
    public FindingList Findings { get; } = new(most);

    /// <summary>How many of its entries were looked at.</summary>
    public int Checked { get; set; }

    /// <summary>Whether it is sealed, and so in the indexes of the sealed part.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Whether it is dropped, and that is noted.</summary>
    public bool IsDropped { get; set; }

    /// <summary>What the records add up to.</summary>
    public EntryCounts Counts { get; } = new();

    /// <summary>The ids that its entries are stored under, by place.</summary>
    public UInt128?[] Ids { get; } = new UInt128?[RedisKeys.BundleSize];

    /// <summary>When its entries were accepted, by place, in microseconds since 1970; -1 where that is not known.</summary>
    public long[] Micros { get; } = new long[RedisKeys.BundleSize];

    /// <summary>The places of ids that don't tell their entry's time.</summary>
    public List<int> Others { get; } = [];

    /// <summary>The row of <c>times:C</c> that it has when it is sealed.</summary>
    public byte[] TimeRow { get; set; } = [];

    /// <summary>The latest of these times; -1 when none is known.</summary>
    public long LatestMicros
    {
        get
        {
            // Places without an entry have a zero.
            if (!IsDropped) return Ids.Select((id, place) => id is null ? -1 : Micros[place]).Max();
            var latest = BinaryPrimitives.ReadUInt64BigEndian(TimeRow.AsSpan(TimeChunk.RowLength / 2));
            return latest <= long.MaxValue ? (long)latest : -1;
        }
    }

    /// <summary>The entries that are redacted.</summary>
    public List<long> Redacted { get; } = [];

    /// <summary>The entries that tell of a redaction, each with the entry that it names.</summary>
    public List<(long Sequence, long Target)> Tellings { get; } = [];

    /// <summary>How many of its entries were lost before the tree was started anew, which says so of them.</summary>
    public int Lost { get; set; }
}
