using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Keeping;

/// <summary>A log and all that was ever acknowledged of it, to hold what is read against.</summary>
internal sealed class KeptLog(LogProcess process)
{
    private static readonly string[] Users = ["ada", "bob|".TrimEnd('|'), "a:b", "1:ada", "żółć \"quoted\"", "{log}"];

    private readonly List<(LogEntry Entry, byte[] Record)> _entries = [];
    private readonly Dictionary<int, RedactedRecord> _redacted = [];
    private long _micros;

    public IReadOnlyList<(LogEntry Entry, byte[] Record)> Entries => _entries;

    /// <summary>Appends so many entries, of several users, some with ids of their own and some with context.</summary>
    public async Task AppendAsync(int count)
    {
        var fresh = Enumerable.Range(_entries.Count, count).Select(Make).ToList();
        foreach (var part in fresh.Chunk(NewEntry.MaxPerCall))
        {
            var stored = await process.Logs.AppendAsync(
                [.. part.Select(entry => new NewEntry(entry, mayExist: false))], WhenFull.Wait, default);
            Assert.That(stored.Select(appended => appended.Sequence), Is.EqualTo(Enumerable.Range(_entries.Count, part.Length)));
            _entries.AddRange(part.Select(entry => (entry, EntryRecord.Encode(entry))));
        }
    }

    /// <summary>Takes an entry for redacted.</summary>
    public void NoteRedacted(int i, RedactedRecord record)
    {
        _redacted[i] = record;
        _entries[i] = (_entries[i].Entry, record.Encode());
    }

    /// <summary>Adds what the service itself has appended.</summary>
    public async Task FollowAsync()
    {
        foreach (var record in (await process.Logs.ReadRangeAsync(_entries.Count, 1000, default)).Records)
        {
            Assert.That(EntryRecord.TryDecode(record.Record.Span, out var entry, out var problem), problem);
            _entries.Add((entry!, record.Record.ToArray()));
        }
    }

    /// <summary>Holds what is counted of the entries from <paramref name="first"/> on against them.</summary>
    public async Task AssertCountedAsync(int first = 0)
    {
        var (db, keys) = (process.Connection.Database, process.Connection.Keys);
        var kept = _entries.Skip(first).ToList();
        var whole = _entries.Index().Skip(first).Where(each => !_redacted.ContainsKey(each.Index)).Select(each => each.Item.Entry).ToList();
        Assert.That((long)await db.HashGetAsync(keys.Head, "entries"), Is.EqualTo(kept.Count));
        Assert.That((long)await db.HashGetAsync(keys.Head, "bytes"), Is.EqualTo(kept.Sum(each => (long)each.Record.Length)));
        foreach (var status in kept.Select(each => each.Entry.Status.Value).Distinct())
            Assert.That((long)await db.HashGetAsync(keys.Head, "s:" + status), Is.EqualTo(whole.Count(entry => entry.Status.Value == status)), status);
        var counts = (await db.SortedSetRangeByRankWithScoresAsync(keys.Users)).ToDictionary(row => (string)row.Element!, row => (int)row.Score);
        Assert.That(counts, Is.EquivalentTo(whole.GroupBy(entry => entry.UserId.Value).ToDictionary(each => each.Key, each => each.Count())));
    }

    /// <summary>Reads everything in every way, from <paramref name="from"/> on.</summary>
    public async Task AssertServedAsync(LogProcess reader, int from = 0, int first = 0)
    {
        var records = (await reader.Logs.ReadRangeAsync(from, _entries.Count - from + 10, default)).Records;
        Assert.That(records, Has.Count.EqualTo(_entries.Count - from));
        for (var i = from; i < _entries.Count; i++)
        {
            if (i >= first) Assert.That(records[i - from].Record.Span.SequenceEqual(_entries[i].Record), $"record {i}");
            else Assert.That(records[i - from].Record.IsEmpty, $"{i} is dropped");
        }

        // Another part of them each time: each look-up reads a bundle.
        var chosen = Enumerable.Range(from, _entries.Count - from).Where(i => i % 5 == _entries.Count % 5).ToArray();
        var lookups = await FindAsync(reader, chosen);
        for (var at = 0; at < chosen.Length; at++)
        {
            var i = chosen[at];
            var (entry, record) = _entries[i];
            if (i < first)
            {
                Assert.That(lookups[at], Is.EqualTo(IdLookup.Dropped), $"{i} is dropped");
                continue;
            }

            Assert.That(lookups[at].State, Is.EqualTo(IdState.Stored), $"id of {i}");
            Assert.That(lookups[at].Found.Stored.Sequence, Is.EqualTo(i));
            Assert.That(lookups[at].Found.Stored.Record.Span.SequenceEqual(record), $"record of the id of {i}");
            Assert.That(lookups[at].Found.Side.Length, Is.EqualTo(_redacted.ContainsKey(i) ? IdTag.Size : EntrySide.Size), $"side of {i}");
            var tag = _redacted.TryGetValue(i, out var redacted) ? Some.Hasher.Tag(redacted).Bytes.ToArray() : Some.Tag(entry);
            Assert.That(lookups[at].Found.Side.Span[..IdTag.Size].SequenceEqual(tag), $"tag of {i}");
        }

        Assert.That(await reader.Logs.FindAsync(LogId.NewAt(Some.Time), default), Is.EqualTo(IdLookup.NeverStored));
        Assert.That(await reader.Logs.FindAsync(LogId.Create(Guid.NewGuid().ToString()), default), Is.EqualTo(IdLookup.NeverStored));
        foreach (var user in _entries.Select(kept => kept.Entry.UserId).Distinct())
        {
            var page = await reader.Logs.FindNewestAsync(user, limit: 1_000_000, offset: 3, default);
            Assert.That(page.Sequences, Is.EqualTo(SequencesOf(user, first).Skip(3)), $"entries of {user}");
            var part = await reader.Logs.FindNewestAsync(user, limit: 7, offset: 40, default);
            Assert.That(part.Sequences, Is.EqualTo(SequencesOf(user, first).Skip(40).Take(7)), $"page of {user}");
        }
    }

    /// <summary>Looks up the ids of some entries, a few at a time.</summary>
    public async Task<IReadOnlyList<IdLookup>> FindAsync(LogProcess reader, IEnumerable<int> chosen)
    {
        var lookups = new List<IdLookup>();
        foreach (var part in chosen.Chunk(32))
            lookups.AddRange(await Task.WhenAll(part.Select(i => reader.Logs.FindAsync(_entries[i].Entry.Id, default))));
        return lookups;
    }

    private IEnumerable<long> SequencesOf(UserId user, int first) =>
        Enumerable.Range(first, _entries.Count - first).Reverse().Where(i => _entries[i].Entry.UserId == user && !_redacted.ContainsKey(i)).Select(i => (long)i);

    private LogEntry Make(int i)
    {
        // Like the clocks of two processes: nearly in order.
        _micros += 1_700;
        var time = Some.Time.AddTicks((_micros - (i % 3 * 2_000)) * TimeSpan.TicksPerMicrosecond);
        return LogEntry.Create(
            Some.UserId(Users[i % 17 % Users.Length]), Some.Query(), Some.Status(i % 10 == 0 ? "ERROR" : "SUCCESS"), time, Some.Hasher,
            occurredAt: i % 7 == 0 ? LogTimestamp.From(Some.Time) : null,
            id: i % 97 == 0 ? LogId.Create(Guid.NewGuid().ToString()) : i % 89 == 0 ? LogId.NewAt(Some.Time.AddYears(1)) : null);
    }
}
