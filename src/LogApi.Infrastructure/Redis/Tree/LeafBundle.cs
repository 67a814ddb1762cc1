using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Neighbouring entries of one bundle with all that the store holds of them.</summary>
/// <param name="Bundle">The bundle's number.</param>
/// <param name="Content">The records.</param>
/// <param name="FirstRow">The place of the first of the rows.</param>
/// <param name="Rows">Of a hot bundle, the row of each record's id, and nothing where there is none; null for a sealed one.</param>
internal sealed record LeafBundle(long Bundle, LogBundle Content, int FirstRow, RedisValue[]? Rows)
{
    /// <summary>Gives what stands beside the id of the entry at a place; empty when there is nothing, or it is another entry's.</summary>
    public ReadOnlyMemory<byte> SideAt(int place)
    {
        if (Content is SealedBundle bundle) return place < bundle.Count ? bundle.SideAt(place) : default;
        return Rows is not null && place >= FirstRow && place - FirstRow < Rows.Length
            && IdRow.TryParse(Rows[place - FirstRow], out var sequence, out var side) && sequence == (Bundle * RedisKeys.BundleSize) + place
            ? side
            : default;
    }

    /// <summary>
    /// Gives the id, 16 bytes, that the entry at a place is stored under. That of a hot one is in its record only: false, then.
    /// </summary>
    public bool TryGetStoredId(int place, Span<byte> id) =>
        Content is SealedBundle bundle && place < bundle.Count && bundle.TryGetId(place, id);
}
