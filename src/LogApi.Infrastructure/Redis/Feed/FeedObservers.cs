using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Feed;

/// <summary>
/// The observers of the feed and where they are. One that joins is told the place first; calls never overlap, so every
/// observer sees one line of events.
/// </summary>
internal sealed class FeedObservers
{
    private readonly Lock _lock = new();
    private ILogFeedObserver[] _observers = [];
    private LogHead? _position;

    /// <summary>What the observers expect next; nothing before the store was first reached.</summary>
    public LogHead? Position
    {
        get
        {
            lock (_lock) return _position;
        }
    }

    public IDisposable Add(ILogFeedObserver observer)
    {
        lock (_lock)
        {
            _observers = [.. _observers, observer];
            if (_position is { } position) observer.OnReset(position);
        }

        return new Subscription(this, observer);
    }

    public void Reset(LogHead position)
    {
        lock (_lock)
        {
            _position = position;
            foreach (var observer in _observers) observer.OnReset(position);
        }
    }

    /// <summary>Hands on entries that start at the position's <c>Next</c> and have no holes.</summary>
    public void Advance(IReadOnlyList<StoredRecord> entries)
    {
        lock (_lock)
        {
            var position = _position ?? throw new InvalidOperationException("The feed has not started.");
            if (entries[0].Sequence != position.Next) throw new InvalidOperationException("The feed would skip or repeat entries.");
            _position = position with { Next = position.Next + entries.Count };
            foreach (var observer in _observers) observer.OnEntries(entries);
        }
    }

    /// <summary>Has them let go of the entries up to a number.</summary>
    public void Redact(long last)
    {
        lock (_lock)
        {
            foreach (var observer in _observers) observer.OnRedacted(last);
        }
    }

    private void Remove(ILogFeedObserver observer)
    {
        lock (_lock) _observers = [.. _observers.Where(one => !ReferenceEquals(one, observer))];
    }

    private sealed class Subscription(FeedObservers observers, ILogFeedObserver observer) : IDisposable
    {
        public void Dispose() => observers.Remove(observer);
    }
}
