using System.Runtime.InteropServices;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>What is counted of entries: as the head and the set of users should have it.</summary>
internal sealed class EntryCounts
{
    private readonly Dictionary<byte[], int> _users = new(Utf8Keys.Comparer);
    private readonly Dictionary<byte[], int> _statuses = new(Utf8Keys.Comparer);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _usersBySpan;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _statusesBySpan;

    public EntryCounts()
    {
        _usersBySpan = _users.GetAlternateLookup<ReadOnlySpan<byte>>();
        _statusesBySpan = _statuses.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many bytes the records have.</summary>
    public long Bytes { get; set; }

    /// <summary>How many entries each user has; users as they stand in a record.</summary>
    public IReadOnlyDictionary<byte[], int> Users => _users;

    /// <summary>How often each status is there.</summary>
    public IReadOnlyDictionary<byte[], int> Statuses => _statuses;

    /// <summary>Counts an entry.</summary>
    public void Add(ReadOnlySpan<byte> user, ReadOnlySpan<byte> status)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_usersBySpan, user, out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_statusesBySpan, status, out _)++;
    }
}
