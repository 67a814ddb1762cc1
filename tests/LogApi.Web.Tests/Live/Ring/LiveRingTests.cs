using CsCheck;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using LogApi.Testing;
using LogApi.Web.Live;
using LogApi.Web.Live.Ring;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Web.Tests.Live.Ring;

[Parallelizable(ParallelScope.All)]
public sealed class LiveRingTests
{
    private static readonly string[] Users = ["a", "b", "c"];

    [Test]
    public void Read_AnyInterleaving_GivesEveryReaderEveryEntryOnceInOrderOrAnOverrun()
    {
        var step = Gen.Select(Gen.Int[0, 4], Gen.Int[0, Users.Length - 1], Gen.Int[1, 3000]);
        Gen.Select(Gen.Int[1, 20], Gen.Int[2_000, 20_000], Gen.Int[100, 4_000], step.Array[1, 200]).Sample((entries, bytes, write, steps) =>
        {
            using var pulse = NewPulse();
            var ring = new LiveRing(new LiveOptions { RingEntries = entries, RingBytes = bytes, WriteBytes = write }, pulse);
            ring.OnReset(new LogHead("e", 7));
            var users = new List<string>();
            Reader[] readers = [new(ring, null), new(ring, "a"), new(ring, "b"), new(ring, null)];
            foreach (var (action, user, size) in steps)
            {
                if (action == readers.Length) Append(ring, users, user, size);
                else readers[action].Step(users);
            }

            foreach (var reader in readers) reader.ReadToEnd(users);
        });
    }

    [TestCase(125)]
    [TestCase(126)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    public void OnEntries_PayloadsAroundEachHeaderForm_AreWholeFrames(int payloadBytes)
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        ring.TryJoin("e", next: 0, out var cursor);

        // The shortest entry there is has more than 126 bytes, so this is a record that only has the shape of one.
        const string Shape = """{"id":"","user_id":"u","query":"","status":"","timestamp":"","hash":""}""";
        var filler = new string('x', payloadBytes - Shape.Length - """{"type":"log","seq":0,""".Length + 1);
        var record = System.Text.Encoding.ASCII.GetBytes(
            Shape.Replace("\"query\":\"\"", $"\"query\":\"{filler}\"", StringComparison.Ordinal));
        ring.OnEntries([new StoredRecord(0, record), new StoredRecord(1, record)]);

        var frames = ReceivedFrame.ParseAll(ReadAll(ring, cursor));
        Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(frames[0].Payload, Has.Length.EqualTo(payloadBytes));
        Assert.That(frames[0].Json.GetProperty("query").GetString(), Is.EqualTo(filler));
    }

    [Test]
    public void OnEntries_Entry_IsTheStoredBytesWithTypeAndSeq()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 41));
        ring.TryJoin("e", next: null, out var cursor);
        var record = EntryRecord.Encode(Some.Entry("zażółć \"x\"", "SELECT '\n' \u0001"));
        ring.OnEntries([new StoredRecord(41, record)]);

        var payload = ReceivedFrame.ParseAll(ring.Read(cursor, filter: null).Frames.Span).Single().Payload;
        Assert.That(payload, Is.EqualTo([.. """{"type":"log","seq":41,"""u8, .. record[1..]]));
    }

    [Test]
    public void OnRedacted_SomeInTheRing_LeaveItWithTheirBytesAndTheRestIsReadOn()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        var entries = Enumerable.Range(0, 8).Select(i => Some.Entry(Users[i % 2], $"SELECT 'secret {i}.'")).ToList();
        Add(0, 6);
        ring.TryJoin("e", next: 0, out var behind);
        ring.TryJoin("e", next: 4, out var later);

        ring.OnRedacted(3);
        ring.OnRedacted(1);
        Add(6, 1);
        var overrun = ring.Read(behind, filter: null);
        var all = ring.Read(later, filter: null);
        var some = ring.Read(later, FilterOf(Users[1]));
        ring.OnRedacted(long.MaxValue);
        Add(7, 1);
        var last = ring.Read(later with { Next = 7 }, filter: null);

        Assert.That((overrun.Kind, overrun.First, overrun.End), Is.EqualTo((RingReadKind.Overrun, 4, 7)));
        Assert.That(ReceivedFrame.ParseAll(all.Frames.Span).Select(frame => frame.Seq), Is.EqualTo(new[] { 4, 5, 6 }));
        Assert.That(ReceivedFrame.ParseAll(some.Frames.Span).Select(frame => frame.Seq), Is.EqualTo(new[] { 5 }));
        Assert.That(ReceivedFrame.ParseAll(last.Frames.Span).Select(frame => frame.Seq), Is.EqualTo(new[] { 7 }));
        Assert.That(BufferOf(all), Does.Contain("secret 4.").And.Not.Contain("secret 3.").And.Not.Contain("secret 0."));
        Assert.That(BufferOf(last), Does.Contain("secret 7.").And.Not.Contain("secret 6."));

        void Add(int from, int count) => ring.OnEntries(
            [.. entries.Skip(from).Take(count).Select((entry, i) => new StoredRecord(from + i, EntryRecord.Encode(entry)))]);

        static string BufferOf(RingRead read)
        {
            Assert.That(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(read.Frames, out var segment));
            return System.Text.Encoding.UTF8.GetString(segment.Array!);
        }
    }

    [Test]
    public void OnEntries_RedactedEntry_GoesToThoseWhoWantEverybodys()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        ring.TryJoin("e", next: null, out var cursor);
        var redacted = Some.Redacted(Some.Entry("a")).Encode();

        ring.OnEntries([new StoredRecord(0, redacted)]);

        var payload = ReceivedFrame.ParseAll(ring.Read(cursor, filter: null).Frames.Span).Single().Payload;
        Assert.That(payload, Is.EqualTo([.. """{"type":"log","seq":0,"""u8, .. redacted[1..]]));
        var filtered = ring.Read(cursor, FilterOf("a"));
        Assert.That((filtered.Kind, filtered.Cursor.Next, filtered.Frames.Length), Is.EqualTo((RingReadKind.Frames, 1, 0)));
    }

    [TestCase(null)]
    [TestCase("a")]
    public void Read_LessAskedFor_GivesWholeFramesWithinItAndAtLeastOne(string? user)
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        ring.TryJoin("e", next: 0, out var cursor);
        ring.OnEntries([.. Some.Entries(10, "a").Select((entry, i) => new StoredRecord(i, EntryRecord.Encode(entry)))]);
        var filter = user is null ? null : FilterOf(user);
        var all = ring.Read(cursor, filter).Frames.Length;

        Assert.That(ReceivedFrame.ParseAll(ring.Read(cursor, filter, maxBytes: 1).Frames.Span), Has.Count.EqualTo(1));
        var some = ring.Read(cursor, filter, maxBytes: all / 2);
        var frames = ReceivedFrame.ParseAll(some.Frames.Span);
        Assert.That(frames, Has.Count.InRange(4, 5));
        Assert.That(some.Cursor.Next, Is.EqualTo(frames.Count));
    }

    [Test]
    public void OnEntries_GoneAndDamagedRecords_BecomeGapsForEveryone()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        ring.TryJoin("e", next: 0, out var cursor);
        ring.OnEntries([new StoredRecord(0, default), new StoredRecord(1, "{]"u8.ToArray())]);

        var read = ring.Read(cursor, FilterOf("someone"));
        var frames = ReceivedFrame.ParseAll(read.Frames.Span);
        Assert.That(frames.Select(frame => frame.Type), Is.All.EqualTo("gap"));
        Assert.That(frames.Select(frame => frame.Json.GetProperty("from").GetInt64()), Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(frames.Select(frame => frame.Json.GetProperty("to").GetInt64()), Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(frames.Select(frame => frame.Json.GetProperty("reason").GetString()), Is.Unique);
    }

    [Test]
    public void Read_LogSetBackTwiceSince_GoesBackToTheFirstNumberThatWasGivenAnew()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 20));
        ring.TryJoin("e", next: null, out var cursor);
        ring.OnReset(new LogHead("e", 5, SetBacks: "s1:5"));
        ring.TryJoin("s1", next: null, out var later);
        ring.OnReset(new LogHead("e", 8, SetBacks: "s1:5 s2:8"));

        var (first, second) = (ring.Read(cursor, filter: null), ring.Read(later with { Next = 9 }, filter: null));

        Assert.That((first.Kind, first.Cursor.Epoch, first.Cursor.Next), Is.EqualTo((RingReadKind.SetBack, "s2", 5)));
        Assert.That((second.Kind, second.Cursor.Epoch, second.Cursor.Next), Is.EqualTo((RingReadKind.SetBack, "s2", 8)));
        Assert.That(ring.TryJoin("e", next: 20, out _), Is.False, "a head of before the set-back is no place to join at");
    }

    [Test]
    public void OnEntries_AHoleInTheNumbers_IsRefused()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        Assert.That(() => ring.OnEntries([new StoredRecord(1, default)]), Throws.ArgumentException);
    }

    [Test]
    public void OnReset_SameLogFurtherOn_LeavesTheEntriesBetweenToTheStore()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 5));
        ring.TryJoin("e", next: null, out var cursor);
        ring.OnReset(new LogHead("e", 9));

        var read = ring.Read(cursor, filter: null);
        Assert.That(read.Kind, Is.EqualTo(RingReadKind.Overrun));
        Assert.That(read.First, Is.EqualTo(9));
    }

    [Test]
    public void OnReset_FirstEntryNamesTheLog_IsNoRestart()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("", 0));
        ring.TryJoin("", next: 0, out var cursor);
        ring.OnReset(new LogHead("e", 0));
        Assert.That(ring.Read(cursor, filter: null).Kind, Is.EqualTo(RingReadKind.CaughtUp));
    }

    [TestCase("other", 3, ExpectedResult = 0, TestName = "OnReset_AnotherLog_StartsEveryoneAtItsFirstEntry")]
    [TestCase("e", 3, ExpectedResult = 3, TestName = "OnReset_LogSetBack_StartsEveryoneAtItsNewEnd")]
    public long OnReset_Anew(string epoch, long next)
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        ring.OnReset(new LogHead("e", 0));
        ring.TryJoin("e", next: 0, out var cursor);
        ring.OnEntries([.. Enumerable.Range(0, 10).Select(i => new StoredRecord(i, default))]);
        ring.OnReset(new LogHead(epoch, next));

        var read = ring.Read(cursor, filter: null);
        Assert.That(read.Kind, Is.EqualTo(epoch == "e" ? RingReadKind.SetBack : RingReadKind.Restarted));
        Assert.That(ring.Read(read.Cursor, filter: null).Kind, Is.EqualTo(epoch == "e" ? RingReadKind.CaughtUp : RingReadKind.Overrun), "it is told once");
        return read.Cursor.Next;
    }

    [Test]
    public void TryJoin_BeforeTheFeedOrForAnotherLog_Fails()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions(), pulse);
        Assert.That(ring.TryJoin(epoch: null, next: null, out _), Is.False, "before the feed");
        ring.OnReset(new LogHead("e", 4));
        Assert.That(ring.TryJoin("other", next: 4, out _), Is.False, "another log");
        Assert.That(ring.TryJoin("e", next: 4, out _), Is.True);
    }

    [Test]
    public void Read_EntriesOfEveryone_AllocatesNothing()
    {
        using var pulse = NewPulse();
        var ring = new LiveRing(new LiveOptions { WriteBytes = 4096 }, pulse);
        ring.OnReset(new LogHead("e", 0));
        ring.OnEntries([.. Enumerable.Range(0, 1000).Select(i => new StoredRecord(i, EntryRecord.Encode(Some.Entry())))]);
        ring.TryJoin("e", next: 0, out var start);
        ReadOnce();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadOnce();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void ReadOnce()
        {
            var cursor = start;
            while (ring.Read(cursor, filter: null) is { Kind: RingReadKind.Frames } read) cursor = read.Cursor;
        }
    }

    private static LivePulse NewPulse() => new(new LiveOptions(), new FakeTimeProvider());

    private static void Append(LiveRing ring, List<string> users, int user, int size)
    {
        var batch = Enumerable.Range(0, 1 + (size % 3)).Select(i =>
        {
            users.Add(Users[(user + i) % Users.Length]);
            return new StoredRecord(7 + users.Count - 1, EntryRecord.Encode(Some.Entry(users[^1], new string('q', size))));
        });
        ring.OnEntries([.. batch]);
    }

    private static byte[] ReadAll(LiveRing ring, LiveCursor cursor)
    {
        var bytes = new List<byte>();
        while (ring.Read(cursor, filter: null) is { Kind: RingReadKind.Frames } read)
        {
            bytes.AddRange(read.Frames.Span);
            cursor = read.Cursor;
        }

        return [.. bytes];
    }

    private static LogFilter FilterOf(string user) => LogFilter.Of(new LogCriteria { UserId = UserId.Create(user) });

    // Holds what one client gets against what was appended.
    private sealed class Reader(LiveRing ring, string? user)
    {
        private readonly LogFilter? _filter = user is null ? null : FilterOf(user);
        private LiveCursor _cursor = Join(ring);

        public bool Step(List<string> users)
        {
            var read = ring.Read(_cursor, _filter);
            if (read.Kind == RingReadKind.CaughtUp) return false;
            if (read.Kind == RingReadKind.Overrun)
            {
                Assert.That(read.First, Is.GreaterThan(_cursor.Next));
                Assert.That(read.End, Is.EqualTo(7 + users.Count));
                _cursor = _cursor with { Next = read.First };
                return true;
            }

            Assert.That(read.Kind, Is.EqualTo(RingReadKind.Frames));
            Assert.That(read.Cursor.Next, Is.GreaterThan(_cursor.Next), "the cursor always moves on");
            var passed = Enumerable.Range((int)_cursor.Next, (int)(read.Cursor.Next - _cursor.Next));
            var expected = passed.Where(i => user is null || users[i - 7] == user).Select(i => (long)i);
            var frames = ReceivedFrame.ParseAll(read.Frames.Span);
            Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(expected));
            Assert.That(frames.Select(frame => frame.Json.GetProperty("user_id").GetString()), Is.All.AnyOf(user is null ? Users : [user]));
            _cursor = read.Cursor;
            read.Release();
            return true;
        }

        public void ReadToEnd(List<string> users)
        {
            while (Step(users))
            {
            }

            Assert.That(_cursor.Next, Is.EqualTo(7 + users.Count));
        }

        private static LiveCursor Join(LiveRing ring)
        {
            Assert.That(ring.TryJoin("e", next: null, out var cursor), Is.True);
            return cursor;
        }
    }
}
