using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>Neighbouring items of a batch whose entries go to the store in one call.</summary>
internal sealed class BatchUnit(int capacity)
{
    private static readonly Task<IReadOnlyList<Appended>> NothingSent = Task.FromResult<IReadOnlyList<Appended>>([]);

    private long _bytes;

    /// <summary>What became of each item.</summary>
    public List<CreateLogResult> Results { get; } = new(capacity);

    /// <summary>The entries of those that break no rule.</summary>
    public List<NewEntry> Entries { get; } = new(capacity);

    /// <summary>The place in <see cref="Results"/> of each entry.</summary>
    public List<int> Places { get; } = new(capacity);

    /// <summary>Whether the client gave each entry its id.</summary>
    public List<bool> HasOwnId { get; } = new(capacity);

    /// <summary>What the store says of each entry.</summary>
    public Task<IReadOnlyList<Appended>> Stored { get; set; } = NothingSent;

    public bool HasSpaceFor(NewEntry entry) =>
        Entries.Count == 0 || (Entries.Count < NewEntry.MaxPerCall && _bytes + entry.Record.Length <= NewEntry.MaxBytesPerCall);

    public void Add(NewEntry entry, bool hasOwnId)
    {
        Places.Add(Results.Count);
        Results.Add(default);
        Entries.Add(entry);
        HasOwnId.Add(hasOwnId);
        _bytes += entry.Record.Length;
    }

    public void AddRejected(InvalidRequestError? error) => Results.Add(CreateLogResult.Rejected(error));

    public void FailWith(StoreFailure reason)
    {
        for (var i = 0; i < Places.Count; i++)
            Results[Places[i]] = CreateLogResult.Rejected(new StoreUnavailableError(reason, Entries[i].Entry.Id));
    }
}
