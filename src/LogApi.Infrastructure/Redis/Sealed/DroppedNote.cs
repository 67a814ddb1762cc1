using System.Buffers.Binary;
using LogApi.Domain.Hashing;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// What is kept of a dropped bundle, under a seal that binds it to the bundle's number, for there is nothing left that it could be held
/// against: eight bytes of the SHA-256 of each id that tells its entry's time, sorted; the same of each other id, sorted; the row that
/// the bundle has in the index of times; the number of those others, 8 bytes; and the seal.
/// </summary>
/// <param name="Others">The fingerprints of the ids that don't tell their entry's time: each has a mark in <c>ids:B</c>.</param>
/// <param name="TimeRow">The row of <c>times:C</c>.</param>
internal sealed record DroppedNote(IReadOnlyList<byte[]> Others, byte[] TimeRow)
{
    private const int EndLength = TimeChunk.RowLength + sizeof(long) + StoreSeal.Size;

    /// <summary>Gives the purpose of the seal.</summary>
    public static StoreSeal SealOf(EntryHasher hasher) => hasher.SealFor("dropped");

    /// <summary>Makes the note of a bundle.</summary>
    /// <param name="seal">See <see cref="SealOf"/>.</param>
    /// <param name="key">The key that it is for.</param>
    /// <param name="ids">The ids that tell their entry's time.</param>
    /// <param name="others">The others.</param>
    /// <param name="timeRow">The row of <c>times:C</c>.</param>
    public static byte[] Encode(StoreSeal seal, string key, IEnumerable<byte[]> ids, IReadOnlyCollection<byte[]> others, byte[] timeRow)
    {
        var count = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(count, others.Count);
        byte[] note = [.. Fingerprints(ids), .. Fingerprints(others), .. timeRow, .. count];
        return [.. note, .. seal.Of(key, note)];
    }

    /// <summary>Reads a note; null when somebody changed it, or put it there.</summary>
    public static DroppedNote? TryDecode(StoreSeal seal, string key, ReadOnlyMemory<byte> stored)
    {
        if (stored.Length < EndLength) return null;
        var end = stored.Length - StoreSeal.Size;
        if (!seal.IsOf(key, stored.Span[..end], stored.Span[end..])) return null;
        var rows = stored.Length - EndLength;
        var count = (int)BinaryPrimitives.ReadInt64BigEndian(stored.Span[(end - sizeof(long))..]);
        var others = new byte[count][];
        for (var i = 0; i < count; i++) others[i] = stored.Slice(rows - ((count - i) * IdFingerprint.Length), IdFingerprint.Length).ToArray();
        return new DroppedNote(others, stored.Slice(rows, TimeChunk.RowLength).ToArray());
    }

    private static byte[] Fingerprints(IEnumerable<byte[]> ids)
    {
        var fingerprints = ids.Select(id => new IdFingerprint(id).Bytes).ToList();
        fingerprints.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        return [.. fingerprints.SelectMany(bytes => bytes)];
    }
}
