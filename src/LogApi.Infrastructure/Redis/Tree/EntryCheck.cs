using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Domain.Verification;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Judges stored entries, and makes their leaves.</summary>
internal sealed class EntryCheck(EntryHasher hasher)
{
    /// <summary>Checks what the store holds of the entry at a place: its form, its hash and what binds it to its id.</summary>
    /// <param name="bundle">The bundle that it is in.</param>
    /// <param name="place">Its place in it.</param>
    /// <param name="leaf">The hash of the leaf that follows from it; of use only when nothing is wrong.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public EntryProblem? Judge(LeafBundle bundle, int place, out TreeHash leaf)
    {
        leaf = default;
        Span<byte> id = stackalloc byte[UuidBytes.Length];
        if (FindGap(bundle, place, id, out var record, out var side) is { } gap) return new EntryProblem(gap, IsOfSecret: false);
        if (PlainEntry.TryRead(record.Span, out var plain) && EntrySide.TryDecode(side, out var beside))
        {
            Span<byte> idText = stackalloc byte[RecordFields.IdLength];
            UuidBytes.Write(id, idText);
            if (plain.IsGenuine(idText, beside.Tag.Span, hasher))
            {
                leaf = plain.LeafHash(beside.Salt.Span);
                return null;
            }
        }

        var verdict = Verify(id, record, side);
        if (verdict.Leaf is { } read) leaf = TreeHash.OfLeaf(read.Encode());
        return verdict.Error is { } error ? new EntryProblem(error, verdict.IsOfSecret) : null;
    }

    /// <summary>
    /// Makes the leaf of the entry at a place, right or wrong, as whoever has the entry and its salt could; null when nothing is there
    /// to make it of. Whether it is the one in the tree is for the tree to say: that takes no secret, and the secret may be new.
    /// </summary>
    public LogLeaf? FindLeaf(LeafBundle bundle, int place)
    {
        Span<byte> id = stackalloc byte[UuidBytes.Length];
        return FindGap(bundle, place, id, out var record, out var side) is null ? Verify(id, record, side).Leaf : null;
    }

    private static string? FindGap(
        LeafBundle bundle, int place, Span<byte> id, out ReadOnlyMemory<byte> record, out ReadOnlyMemory<byte> side)
    {
        side = default;
        record = bundle.Content.RecordAt(place);
        if (record.IsEmpty) return "the record is gone from the store";
        if (!bundle.TryGetStoredId(place, id) && !UuidBytes.TryReadFromRecord(record.Span, id)) return "the stored record names no id";
        side = bundle.SideAt(place);
        return side.IsEmpty ? "what is stored beside the entry's id is gone" : null;
    }

    private EntryVerification Verify(ReadOnlySpan<byte> id, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> side) =>
        EntryVerification.Of(LogId.Create(new Guid(id, bigEndian: true).ToString()), record.Span, side, hasher);
}

/// <summary>What is wrong with a stored entry.</summary>
/// <param name="Text">In plain words.</param>
/// <param name="IsOfSecret">Whether a process with another secret may find nothing wrong.</param>
internal sealed record EntryProblem(string Text, bool IsOfSecret);
