using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Verification;

/// <summary>The verdict on one stored record: whether it still is what was written, and if not, what differs.</summary>
public sealed record EntryVerification
{
    private EntryVerification(string? error) => Error = error;

    /// <summary>Whether the record is, byte for byte, one that a holder of the secret wrote under this id.</summary>
    public bool Valid => Error is null;

    /// <summary>Whether the entry's hash is right; none when there is no entry to hash, or its content was erased.</summary>
    public bool? HashValid { get; private init; }

    /// <summary>The proof of a valid verdict, <c>HMAC-SHA256(secret, log_id|hash)</c>; none when it is not valid, or was redacted.</summary>
    public EntryHash? Token { get; private init; }

    /// <summary>What is wrong, in plain words; none when the record is valid.</summary>
    public string? Error { get; }

    /// <summary>Whether it is what the secret says that speaks against the record: with another secret it may be right.</summary>
    public bool IsOfSecret { get; private init; }

    /// <summary>Whether the entry's content was erased.</summary>
    public bool Redacted { get; private init; }

    /// <summary>
    /// The leaf that follows from what the store holds now, right or wrong; none when that can't be read. Whether it is the one
    /// in the tree is for the tree to say.
    /// </summary>
    public LogLeaf? Leaf { get; private init; }

    /// <summary>
    /// Judges <paramref name="record"/>, which the store holds for <paramref name="id"/>. An empty record is one that is gone.
    /// </summary>
    /// <param name="id">The id that was asked for.</param>
    /// <param name="record">What the store holds for it.</param>
    /// <param name="side">What the store holds beside it: <see cref="EntrySide"/>.</param>
    /// <param name="hasher">Holds the secrets.</param>
    public static EntryVerification Of(LogId id, ReadOnlySpan<byte> record, ReadOnlyMemory<byte> side, EntryHasher hasher)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(hasher);
        if (record.IsEmpty) return new("the entry was stored, but its record is gone from the store");
        var hasSide = EntrySide.TryDecode(side, out var beside);
        if (RedactedRecord.TryDecode(record, out var redacted)) return OfRedacted(id, redacted, side, hasher);
        if (!EntryRecord.TryDecode(record, out var entry, out var problem)) return new(problem);

        var leaf = hasSide ? LogLeaf.Of(entry, beside.Salt.Span) : null;
        if (entry.Id != id) return new($"the store holds another entry, {entry.Id}, in this entry's place") { Leaf = leaf };

        if (hasher.Of(entry) is not { } own)
        {
            return new("hash mismatch: user_id, query, status, timestamp or hash was changed after the entry was written")
            {
                HashValid = false,
                IsOfSecret = true,
                Leaf = leaf,
            };
        }

        return hasSide && own.Tag(entry).Matches(beside.Tag.Span)
            ? new(error: null) { HashValid = true, Token = own.VerificationToken(id, entry.Hash), Leaf = leaf }
            : new("the content under this id is not what was written under it") { HashValid = true, IsOfSecret = hasSide, Leaf = leaf };
    }

    private static EntryVerification OfRedacted(LogId id, RedactedRecord record, ReadOnlyMemory<byte> side, EntryHasher hasher)
    {
        if (record.Leaf.Id != id)
            return new($"the store holds another entry, {record.Leaf.Id}, in this entry's place") { Redacted = true, Leaf = record.Leaf };
        return hasher.IsTagOf(record, side.Span)
            ? new(error: null) { Redacted = true, Leaf = record.Leaf }
            : new("the entry was replaced by the form of a redacted one, but not by this service") { Redacted = true, IsOfSecret = true, Leaf = record.Leaf };
    }
}
