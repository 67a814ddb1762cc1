using System.Diagnostics.CodeAnalysis;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Logs.VerifyEntry;

/// <summary>An entry as it was sent, and what it says by itself.</summary>
internal sealed class GivenEntry
{
    private readonly EntryHasher? _hasher;

    public GivenEntry(VerifyEntryQuery query, EntryHasher hasher)
    {
        Id = LogId.Create(query.Entry.Id);
        if (query.Redacted)
        {
            if (LogTimestamp.TryParse(query.Entry.Timestamp, out var timestamp) && TreeHash.TryParse(query.Commitment, out var commitment))
                Redacted = new RedactedRecord(new LogLeaf(Id, timestamp, commitment));
            return;
        }

        Salt = query.Salt is null ? default : Convert.FromBase64String(query.Salt);
        if (query.Entry.TryRead(out var entry, out _))
        {
            Entry = entry;
            _hasher = hasher.Of(entry);
        }

        HashValid = _hasher is not null;
    }

    /// <summary>The entry's id.</summary>
    public LogId Id { get; }

    /// <summary>The entry; none when it is redacted, or has members that no stored entry has.</summary>
    public LogEntry? Entry { get; }

    /// <summary>The entry as it is when its content was erased; none when it was not, or the commitment is missing.</summary>
    public RedactedRecord? Redacted { get; }

    /// <summary>The salt that it came with; empty when it came without.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>Whether its hash is right; none for a redacted one.</summary>
    public bool? HashValid { get; }

    /// <summary>Whether it is what this service has written under its id, by what stands beside the id.</summary>
    public bool IsTagged(ReadOnlyMemory<byte> side)
    {
        if (!EntrySide.TryDecode(side, out var beside)) return false;
        return Entry is not null && _hasher is not null && _hasher.Tag(Entry).Matches(beside.Tag.Span);
    }

    /// <summary>Makes its leaf with a salt.</summary>
    public bool TryMakeLeaf(ReadOnlySpan<byte> salt, [NotNullWhen(true)] out LogLeaf? leaf)
    {
        leaf = Redacted?.Leaf ?? (Entry is not null && salt.Length == LogLeaf.SaltSize ? LogLeaf.Of(Entry, salt) : null);
        return leaf is not null;
    }
}
