using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Domain.Verification;

/// <summary>The verdict on one stored record: whether it still is what was written, and if not, what differs.</summary>
public sealed record EntryVerification
{
    private EntryVerification(EntryHash? token, string? error)
    {
        Token = token;
        Error = error;
    }

    /// <summary>Whether the record is, byte for byte, one that a holder of the secret wrote under this id.</summary>
    public bool Valid => Error is null;

    /// <summary>The proof of a valid verdict, <c>HMAC-SHA256(secret, log_id|hash)</c>; none when it is not valid.</summary>
    public EntryHash? Token { get; }

    /// <summary>What is wrong, in plain words; none when the record is valid.</summary>
    public string? Error { get; }

    /// <summary>
    /// Judges <paramref name="record"/>, which the store holds for <paramref name="id"/>. An empty record is one that is gone.
    /// </summary>
    /// <param name="id">The id that was asked for.</param>
    /// <param name="record">What the store holds for it.</param>
    /// <param name="idTag">The <see cref="IdTag"/> that the store holds for it.</param>
    /// <param name="hasher">Holds the secret.</param>
    public static EntryVerification Of(LogId id, ReadOnlySpan<byte> record, ReadOnlySpan<byte> idTag, EntryHasher hasher)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(hasher);
        if (record.IsEmpty) return Failed("the entry was stored, but its record is gone from the store");
        if (!EntryRecord.TryDecode(record, out var entry, out var problem)) return Failed(problem);
        if (entry.Id != id) return Failed($"the store holds another entry, {entry.Id}, in this entry's place");

        var expected = hasher.Hash(entry.UserId, entry.Query, entry.Status, entry.Timestamp);
        if (!expected.Matches(entry.Hash))
            return Failed("hash mismatch: user_id, query, status, timestamp or hash was changed after the entry was written");

        return hasher.Tag(entry).Matches(idTag)
            ? new EntryVerification(hasher.VerificationToken(id, entry.Hash), error: null)
            : Failed("the content under this id is not what was written under it");
    }

    private static EntryVerification Failed(string error) => new(token: null, error);
}
