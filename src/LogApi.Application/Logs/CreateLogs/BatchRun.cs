using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>
/// One batch on its way into the log: items become entries, and entries are appended in units, of which a few are under way at a
/// time. They are given to the store in the order of the items.
/// </summary>
internal sealed class BatchRun(ILogRepository logs, EntryMaker entries)
{
    // Small enough that reading, hashing and storing overlap; large enough that a call to the store costs little for each entry.
    private const int UnitItems = 256;
    private const int MaxUnitsUnderWay = 4;

    private readonly List<CreateLogResult> _results = [];
    private readonly Queue<Unit> _underWay = [];

    // Once the store has failed, the rest is not tried: it would wait for as long again, and its answer is the same.
    private StoreFailure? _storeFailure;

    /// <summary>What became of each item.</summary>
    public IReadOnlyList<CreateLogResult> Results => _results;

    /// <summary>Stores the items.</summary>
    public async Task AppendAsync(ILogItems items, CancellationToken cancellationToken)
    {
        var read = new List<LogItem?>(UnitItems);
        try
        {
            bool isMore;
            do
            {
                read.Clear();
                isMore = await items.ReadAsync(read, UnitItems, cancellationToken);
                await AddAsync(read, cancellationToken);
            }
            while (isMore);

            while (_underWay.Count > 0) await FinishOldestAsync();
        }
        finally
        {
            // Nobody is left to be told, but a failure must not go unobserved.
            foreach (Task stored in _underWay.Select(static unit => unit.Stored)) await stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask AddAsync(List<LogItem?> items, CancellationToken cancellationToken)
    {
        var unit = new Unit(items.Count);
        foreach (var item in items)
        {
            if (item is null) unit.Results.Add(default);
            else if (entries.TryMake(item, out var error) is not { } entry) unit.Results.Add(Rejected(error));
            else
            {
                var added = new NewEntry(entry, item.Id is not null);
                if (!unit.HasSpaceFor(added))
                {
                    await SendAsync(unit, cancellationToken);
                    unit = new Unit(items.Count);
                }

                unit.Add(added);
            }
        }

        await SendAsync(unit, cancellationToken);
    }

    private async ValueTask SendAsync(Unit unit, CancellationToken cancellationToken)
    {
        if (_underWay.Count == MaxUnitsUnderWay) await FinishOldestAsync();
        if (_storeFailure is { } failure) unit.FailWith(failure);
        else if (unit.Entries.Count > 0) unit.Stored = logs.AppendAsync(unit.Entries, WhenFull.Wait, cancellationToken);
        _underWay.Enqueue(unit);
    }

    private async ValueTask FinishOldestAsync()
    {
        var unit = _underWay.Dequeue();
        try
        {
            var appended = await unit.Stored;
            for (var i = 0; i < appended.Count; i++) unit.Results[unit.Places[i]] = Judge(unit.Entries[i].Entry, appended[i]);
        }
        catch (StoreUnavailableException fault)
        {
            _storeFailure ??= RestAfter(fault.Reason);
            unit.FailWith(fault.Reason);
        }

        _results.AddRange(unit.Results);
    }

    // What was never sent is surely not stored.
    private static StoreFailure RestAfter(StoreFailure reason) =>
        reason == StoreFailure.Overloaded ? StoreFailure.Overloaded : StoreFailure.Unreachable;

    private static CreateLogResult Judge(LogEntry entry, in Appended appended) =>
        EntryOutcome.TryGetStored(entry, appended, out var stored, out var error)
            ? new CreateLogResult(stored.Id, appended.Sequence, stored.Hash, Error: null)
            : Rejected(error);

    private static CreateLogResult Rejected(Error? error) => new(Id: null, Sequence: -1, Hash: null, error);

    private sealed class Unit(int capacity)
    {
        private long _bytes;

        public List<CreateLogResult> Results { get; } = new(capacity);

        public List<NewEntry> Entries { get; } = new(capacity);

        public List<int> Places { get; } = new(capacity);

        public Task<IReadOnlyList<Appended>> Stored { get; set; } = Task.FromResult<IReadOnlyList<Appended>>([]);

        public bool HasSpaceFor(NewEntry entry) =>
            Entries.Count == 0 || (Entries.Count < NewEntry.MaxPerCall && _bytes + entry.Record.Length <= NewEntry.MaxBytesPerCall);

        public void FailWith(StoreFailure reason)
        {
            for (var i = 0; i < Places.Count; i++) Results[Places[i]] = Rejected(new StoreUnavailableError(reason, Entries[i].Entry.Id));
        }

        public void Add(NewEntry entry)
        {
            Places.Add(Results.Count);
            Results.Add(default);
            Entries.Add(entry);
            _bytes += entry.Record.Length;
        }
    }
}
