using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using Moq;

namespace LogApi.Application.Tests.Logs;

/// <summary>A log in memory that keeps each id once, as the real one does; fails when told to, before or after it has stored.</summary>
internal sealed class FakeLogRepository
{
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);
    private Task _last = Task.CompletedTask;
    private int _calls;

    private readonly Dictionary<int, byte[]> _redacted = [];

    public FakeLogRepository()
    {
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(() => new LogHead("epoch", Entries.Count));
        _logs.Setup(logs => logs.ReadAsync(It.IsAny<IReadOnlyList<long>>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((IReadOnlyList<long> places, CancellationToken _) => [.. places.Select(place => Stored((int)place))]);
        _logs.Setup(logs => logs.FindAsync(It.IsAny<LogId>(), It.IsAny<CancellationToken>())).ReturnsAsync((LogId id, CancellationToken _) => Find(id));
        _logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), It.IsAny<WhenFull>(), It.IsAny<CancellationToken>()))
            .Returns((IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) => Begin(entries));
    }

    public ILogRepository Object => _logs.Object;

    public List<LogEntry> Entries { get; } = [];

    /// <summary>Called with the number of the call before it stores; what it throws is the call's failure.</summary>
    public Action<int> Before { get; set; } = _ => { };

    /// <summary>Called with the number of the call after it has stored.</summary>
    public Action<int> After { get; set; } = _ => { };

    /// <summary>Leaves of an entry what a redaction does.</summary>
    public void Redact(int place) =>
        _redacted[place] = new RedactedRecord(LogLeaf.Of(Entries[place], new byte[LogLeaf.SaltSize])).Encode();

    private StoredRecord Stored(int place) => new(place, _redacted.GetValueOrDefault(place) ?? EntryRecord.Encode(Entries[place]));

    private IdLookup Find(LogId id)
    {
        var place = Entries.FindIndex(entry => entry.Id == id);
        return place < 0 ? IdLookup.NeverStored : IdLookup.Stored(new FoundRecord(Stored(place), default));
    }

    private Task<IReadOnlyList<Appended>> Begin(IReadOnlyList<NewEntry> entries)
    {
        var stored = AppendAfterAsync(_last, entries);
        _last = stored;
        return stored;
    }

    // One after another, in the order they came, as the real one does.
    private async Task<IReadOnlyList<Appended>> AppendAfterAsync(Task before, IReadOnlyList<NewEntry> entries)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var call = _calls++;
        Before(call);
        var appended = entries.Select(Append).ToArray();
        After(call);
        return appended;
    }

    private Appended Append(NewEntry added)
    {
        var known = Entries.FindIndex(entry => entry.Id == added.Entry.Id);
        if (known >= 0)
        {
            Assert.That(added.MayExist, Is.True, "an id that can be stored already must be looked up");
            return new Appended(AppendOutcome.Known, known, Stored(known).Record);
        }

        Entries.Add(added.Entry);
        return new Appended(AppendOutcome.Stored, Entries.Count - 1);
    }
}
