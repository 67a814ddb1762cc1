using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.Replays;
using LogApi.Application.Ports;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>
/// One batch on its way into the log: items become entries, and entries are appended in units, of which a few are under way at a
/// time. They are given to the store in the order of the items.
/// </summary>
/// <param name="logs">The log.</param>
/// <param name="entries">Makes the entries.</param>
/// <param name="claim">The claim of the request, when it may be sent again.</param>
internal sealed class BatchRun(ILogRepository logs, EntryMaker entries, IRequestClaim? claim) : IDisposable
{
    // Small enough that reading, hashing and storing overlap; large enough that a call to the store costs little for each entry.
    private const int UnitItems = 256;

    // An earlier attempt may have had another body: before anything new is stored, what is there must have been looked at.
    private readonly int _maxUnitsUnderWay = claim?.State == RequestState.Retry ? 1 : 4;
    private readonly bool _isRetry = claim?.State == RequestState.Retry;

    private readonly List<CreateLogResult> _results = [];
    private readonly Queue<BatchUnit> _underWay = [];
    private readonly OutcomeWriter? _outcome = claim is null ? null : new OutcomeWriter();
    private int _index;

    // Once the store has failed, the rest is not tried: it would wait for as long again, and its answer is the same.
    private StoreFailure? _storeFailure;

    /// <summary>What became of each item.</summary>
    public IReadOnlyList<CreateLogResult> Results => _results;

    /// <summary>Whether the same request would have the same results, whenever it is sent again.</summary>
    public bool IsFinal => _storeFailure is null;

    /// <summary>Whether an earlier attempt at the request has stored other entries: it was another request.</summary>
    public bool FoundOtherEntries { get; private set; }

    /// <summary>Gives what a repeated answer needs.</summary>
    public ReadOnlyMemory<byte> Outcome() => _outcome!.ToArray();

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
            while (isMore && !FoundOtherEntries);

            while (_underWay.Count > 0) await FinishOldestAsync();
        }
        finally
        {
            // Nobody is left to be told, but a failure must not go unobserved.
            foreach (Task stored in _underWay.Select(static unit => unit.Stored)) await stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _outcome?.Dispose();

    private async ValueTask AddAsync(List<LogItem?> items, CancellationToken cancellationToken)
    {
        var unit = new BatchUnit(items.Count);
        foreach (var item in items)
        {
            InvalidRequestError? error = null;
            var entry = item is null ? null : entries.TryMake(item, _index, out error);
            _index++;
            if (entry is null)
            {
                unit.AddRejected(error);
                continue;
            }

            var added = new NewEntry(entry, mayExist: _isRetry || item!.Id is not null);
            if (!unit.HasSpaceFor(added))
            {
                await SendAsync(unit, cancellationToken);
                unit = new BatchUnit(items.Count);
            }

            unit.Add(added, item!.Id is not null);
        }

        await SendAsync(unit, cancellationToken);
    }

    private async ValueTask SendAsync(BatchUnit unit, CancellationToken cancellationToken)
    {
        if (_underWay.Count == _maxUnitsUnderWay) await FinishOldestAsync();
        if (FoundOtherEntries) return;
        if (claim is { IsHeld: false }) _storeFailure ??= StoreFailure.Unreachable;
        if (_storeFailure is { } failure) unit.FailWith(failure);
        else if (unit.Entries.Count > 0) unit.Stored = logs.AppendAsync(unit.Entries, WhenFull.Wait, cancellationToken);
        _underWay.Enqueue(unit);
    }

    private async ValueTask FinishOldestAsync()
    {
        var unit = _underWay.Dequeue();
        try
        {
            Take(unit, await unit.Stored);
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
        reason == StoreFailure.OutcomeUnknown ? StoreFailure.Unreachable : reason;

    private void Take(BatchUnit unit, IReadOnlyList<Appended> appended)
    {
        var next = 0;
        for (var place = 0; place < unit.Results.Count; place++)
        {
            if (next == unit.Entries.Count || unit.Places[next] != place)
            {
                _outcome?.Add(new OutcomeRow(OutcomeKind.Invalid));
                continue;
            }

            if (next < appended.Count) unit.Results[place] = Judge(unit, next, appended[next]);
            next++;
        }
    }

    private CreateLogResult Judge(BatchUnit unit, int number, in Appended appended)
    {
        var entry = unit.Entries[number].Entry;
        if (EntryOutcome.TryGetStored(entry, appended, out var stored, out var error))
        {
            if (claim is not null) _outcome?.Add(entries.Remember(stored, appended, claim.Seed.Time));
            return CreateLogResult.Stored(stored, appended.Sequence);
        }

        // A record that is gone from the store, or was redacted, does not tell that it was another one.
        var isTold = !appended.Earlier.IsEmpty && !EntryOutcome.IsRedacted(appended.Earlier, entry.Id);
        if (error is IdConflictError && isTold && !unit.HasOwnId[number]) FoundOtherEntries = true;
        _outcome?.Add(new OutcomeRow(error is IdConflictError ? OutcomeKind.Conflict : OutcomeKind.Dropped));
        return CreateLogResult.Rejected(error);
    }
}
