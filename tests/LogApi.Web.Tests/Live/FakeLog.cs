using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Testing;
using Moq;

namespace LogApi.Web.Tests.Live;

/// <summary>A log in memory: store, feed and registry of connections in one. Safe for concurrent use.</summary>
internal sealed class FakeLog : ILogRepository, ILogSearch, ILogFeed, IConnectionRegistry
{
    private readonly Lock _gate = new();
    private readonly List<ILogFeedObserver> _observers = [];
    private readonly List<(UserId User, byte[] Record)> _entries = [];
    private string _epoch = "epoch1";
    private int _rangeReads;

    public long Next
    {
        get { lock (_gate) return _entries.Count; }
    }

    /// <summary>The tree over it.</summary>
    public Mock<ITransparencyLog> Tree { get; } = new();

    /// <summary>Whether every call fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>The clients of other processes.</summary>
    public int OtherConnections { get; set; }

    public int LastReported { get; private set; } = -1;

    public int Reads { get; private set; }

    /// <summary>How many range reads were asked for, whether or not they were answered.</summary>
    public int RangeReads => Volatile.Read(ref _rangeReads);

    /// <summary>Stores entries and shows them to the observers, as one batch.</summary>
    public void Append(params IReadOnlyList<LogEntry> entries) =>
        AppendRecords([.. entries.Select(entry => (entry.UserId, EntryRecord.Encode(entry)))]);

    public void AppendRecords(params IReadOnlyList<(UserId User, byte[] Record)> records)
    {
        lock (_gate)
        {
            var first = _entries.Count;
            _entries.AddRange(records);
            var stored = records.Select((entry, i) => new StoredRecord(first + i, entry.Record)).ToArray();
            foreach (var observer in _observers) observer.OnEntries(stored);
        }
    }

    /// <summary>Stores entries that no observer hears of.</summary>
    public void AppendUnseen(params IReadOnlyList<LogEntry> entries)
    {
        lock (_gate) _entries.AddRange(entries.Select(entry => (entry.UserId, EntryRecord.Encode(entry))));
    }

    /// <summary>Takes a record away, as a retention rule would.</summary>
    public void Lose(int sequence)
    {
        lock (_gate) _entries[sequence] = (_entries[sequence].User, []);
    }

    /// <summary>Empties the store, as <c>FLUSHALL</c> would.</summary>
    public void StartAnew(string epoch)
    {
        lock (_gate)
        {
            StartAnewUnseen(epoch);
            foreach (var observer in _observers) observer.OnReset(new LogHead(epoch, 0));
        }
    }

    /// <summary>Puts other entries in the place of all, and no observer hears of it.</summary>
    public void StartAnewUnseen(string epoch, params IReadOnlyList<LogEntry> entries)
    {
        lock (_gate)
        {
            _entries.Clear();
            _epoch = epoch;
            AppendUnseen(entries);
        }
    }

    /// <summary>Takes the newest entries away, as a store that lost its last second would.</summary>
    public void SetBack(int to)
    {
        lock (_gate)
        {
            _entries.RemoveRange(to, _entries.Count - to);
            foreach (var observer in _observers) observer.OnReset(new LogHead(_epoch, to));
        }
    }

    /// <summary>Tells the observers where the log ends, without the entries before.</summary>
    public void AnnounceEnd()
    {
        lock (_gate)
        {
            foreach (var observer in _observers) observer.OnReset(new LogHead(_epoch, _entries.Count));
        }
    }

    public IDisposable Subscribe(ILogFeedObserver observer)
    {
        lock (_gate)
        {
            observer.OnReset(new LogHead(_epoch, _entries.Count));
            _observers.Add(observer);
        }

        return new Subscription(this, observer);
    }

    public Task<LogPage> FindNewestAsync(UserId? userId, int limit, int offset, CancellationToken cancellationToken) => Ask(() =>
    {
        var page = Enumerable.Range(0, _entries.Count).Reverse()
            .Where(i => userId is null || _entries[i].User == userId)
            .Skip(offset).Take(limit).Select(i => (long)i).ToArray();
        return new LogPage(new LogHead(_epoch, _entries.Count), page);
    });

    public IAsyncEnumerable<ScanStep> ScanAsync(LogScan scan, CancellationToken cancellationToken)
    {
        lock (_gate) return new MemorySearch([.. _entries.Select(entry => (ReadOnlyMemory<byte>)entry.Record)]).ScanAsync(scan, cancellationToken);
    }

    public Task<IReadOnlyList<StoredRecord>> ReadAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        Ask<IReadOnlyList<StoredRecord>>(() => [.. sequences.Select(i => new StoredRecord(i, _entries[(int)i].Record))]);

    public Task<LogRange> ReadRangeAsync(long from, int count, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _rangeReads);
        return Ask(() => new LogRange(
            new LogHead(_epoch, _entries.Count),
            [.. _entries.Skip((int)from).Take(count).Select((entry, i) => new StoredRecord(from + i, entry.Record))]));
    }

    public Task<LogHead> GetHeadAsync(CancellationToken cancellationToken) => Ask(() => new LogHead(_epoch, _entries.Count));

    public Task<long> ReportAsync(int connections, CancellationToken cancellationToken) => Ask(() =>
    {
        LastReported = connections;
        return (long)OtherConnections + connections;
    });

    public Task<IReadOnlyList<Appended>> AppendAsync(
        IReadOnlyList<NewEntry> entries, WhenFull whenFull, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdLookup> FindAsync(LogId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    private async Task<T> Ask<T>(Func<T> answer)
    {
        await Task.Yield();
        lock (_gate)
        {
            if (IsDown) throw new StoreUnavailableException(StoreFailure.Unreachable);
            Reads++;
            return answer();
        }
    }

    private sealed class Subscription(FakeLog log, ILogFeedObserver observer) : IDisposable
    {
        public void Dispose()
        {
            lock (log._gate) log._observers.Remove(observer);
        }
    }
}
