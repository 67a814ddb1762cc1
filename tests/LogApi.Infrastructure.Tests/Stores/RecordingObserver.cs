using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>Keeps what a feed tells it.</summary>
internal sealed class RecordingObserver : ILogFeedObserver
{
    private readonly Lock _lock = new();
    private readonly List<StoredRecord> _entries = [];
    private readonly List<LogHead> _resets = [];
    private readonly List<long> _redacted = [];

    public IReadOnlyList<LogHead> Resets
    {
        get
        {
            lock (_lock) return [.. _resets];
        }
    }

    public IReadOnlyList<StoredRecord> Entries
    {
        get
        {
            lock (_lock) return [.. _entries];
        }
    }

    public IReadOnlyList<long> Redacted
    {
        get
        {
            lock (_lock) return [.. _redacted];
        }
    }

    public IReadOnlyList<long> Sequences => [.. Entries.Select(entry => entry.Sequence)];

    public void OnReset(LogHead head)
    {
        lock (_lock) _resets.Add(head);
    }

    public void OnRedacted(long last)
    {
        lock (_lock) _redacted.Add(last);
    }

    public void OnEntries(IReadOnlyList<StoredRecord> entries)
    {
        lock (_lock) _entries.AddRange(entries);
    }
}
