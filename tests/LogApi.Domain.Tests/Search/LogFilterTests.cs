using System.Text;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Search;

public sealed class LogFilterTests
{
    // Few characters, so that texts found in other texts are common: with case in and outside ASCII, above the BMP, escaped, and
    // those whose other case has another length or is in ASCII by some rules (ſ, K, İ, ı, ß).
    private static readonly string[] Letters =
        ["a", "A", "b", "B", "k", "K", "s", "S", "i", "I", "ſ", "\u212A", "İ", "ı", "ß", "ż", "Ż", "σ", "ς", "Σ", "\U00010400", "\U00010428", "\n", "\"", "\\", "n", "[", "{", "@", "`"];

    private static readonly Gen<string> Word = Gen.Int[0, Letters.Length - 1].Array[1, 6].Select(Spell);
    private static readonly Gen<string> Line = Gen.Int[0, Letters.Length - 1].Array[1, 90].Select(Spell);
    private static readonly Gen<LogTimestamp> Time = Gen.Int[0, 5].Select(second => LogTimestamp.From(DateTimeOffset.UnixEpoch.AddSeconds(second)));
    private static readonly Gen<KeyValuePair<string, string>> Pair =
        Gen.Select(One("k", "K", "a\"b", "\\", ","), One("", "v", "\"", ":", "\\", "ż"), KeyValuePair.Create);

    private static readonly Gen<LogEntry> Entry = Gen.Select(
        One("ada", "Ada", "ad\"a", "ad\\", "żółć"), Line, One("OK", "ERROR", "ok"), Time, Pair.Array[0, 4],
        (user, query, status, time, pairs) => LogEntry.Create(
            UserId.Create(user), QueryText.Create(query), LogStatus.Create(status), new DateTimeOffset(time.Utc), EntryGen.Hasher,
            occurredAt: pairs.Length % 2 == 0 ? null : time,
            attributes: LogAttributes.Create([.. pairs.DistinctBy(pair => pair.Key).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))])));

    private static readonly Gen<LogCriteria> Criteria = Gen.Select(
        OrNone(One("ada", "Ada", "ad\"a", "ad\\", "żółć", "other")), One("OK", "ERROR", "ok").Array[0, 2], OrNone(Time), OrNone(Time), OrNone(Word),
        Gen.Frequency((2, Gen.Const(Array.Empty<KeyValuePair<string, string>>())), (1, Pair.Array[1, 2])),
        (user, statuses, from, to, text, pairs) => new LogCriteria
        {
            UserId = user is null ? null : UserId.Create(user),
            Statuses = [.. statuses.Select(LogStatus.Create)],
            From = from,
            To = to,
            Text = text,
            Attributes = pairs,
        });

    [Test]
    public void Matches_RedactedEntry_OnlyByItsTime() => Gen.Select(Entry, Criteria).Sample((entry, criteria) =>
    {
        var record = new RedactedRecord(LogLeaf.Of(entry, new byte[LogLeaf.SaltSize])).Encode();
        var isInTime = (criteria.From is null || entry.Timestamp.Utc >= criteria.From.Utc)
            && (criteria.To is null || entry.Timestamp.Utc < criteria.To.Utc);
        var isOfTimeOnly = criteria is { UserId: null, Text: null, Statuses.Count: 0, Attributes.Count: 0 };

        Assert.That(LogFilter.Of(criteria).Matches(record), Is.EqualTo(isInTime && isOfTimeOnly));
    });

    [Test]
    public void Matches_AnyEntryAndCriteria_IsWhatTheDecodedEntrySays() =>
        Gen.Select(Entry, Criteria).Sample(
            (entry, criteria) => LogFilter.Of(criteria).Matches(EntryRecord.Encode(entry)) == IsWanted(entry, criteria),
            iter: 20_000);

    [Test]
    public void MatchesMembers_RecordInsideALargerObject_IsTheSameAsAlone() =>
        Gen.Select(Entry, Criteria).Sample(
            (entry, criteria) =>
            {
                var record = EntryRecord.Encode(entry);
                return LogFilter.Of(criteria).MatchesMembers(record.AsSpan(1)) == LogFilter.Of(criteria).Matches(record);
            },
            iter: 20_000);

    [Test]
    public void Matches_RecordTakenApart_IsTheSameAsWhole() =>
        Gen.Select(Entry, Criteria).Sample((entry, criteria) =>
        {
            var filter = LogFilter.Of(criteria);
            var record = EntryRecord.Encode(entry);
            RecordFields.TryLocate(record, out var fields);
            var micros = (entry.Timestamp.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            return filter.Matches(fields.UserId, fields.Query, fields.Status, micros, fields.Context) == filter.Matches(record);
        });

    [Test]
    public void Matches_AnyEntryThatServiceTakes_FindsEachPartOfItsQuery() =>
        Gen.Select(EntryGen.Entry, Gen.Int[0, 1000], Gen.Int[1, 1000]).Sample((entry, start, length) =>
        {
            var runes = entry.Query.Value.EnumerateRunes().ToArray();
            var part = runes.Skip(start % runes.Length).Take(length).Select(rune => Rune.ToUpperInvariant(rune));
            return LogFilter.Of(new LogCriteria { Text = string.Concat(part) }).Matches(EntryRecord.Encode(entry));
        });

    [Test]
    public void Matches_NoCriteria_TakesEverything() =>
        EntryGen.Entry.Sample(entry => LogFilter.None.Matches(EntryRecord.Encode(entry)));

    // What the search among bytes rests on.
    [Test]
    public void OrdinalIgnoreCase_NoCharacterOutsideAscii_IsTheOtherCaseOfOneInside()
    {
        var ascii = string.Concat(Enumerable.Range(0, 0x80).Select(code => (char)code));

        var outside = Enumerable.Range(0x80, 0xFFFF - 0x80).Select(code => (char)code);

        Assert.That(outside.Where(other => ascii.Contains(other, StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("not JSON")]
    [TestCase("""{"id":"x","user_id":"ada","query":"q" }""")]
    public void Matches_RecordThatCannotBeRead_PassesTheBoundsOfTimeOnly(string damaged)
    {
        var record = Encoding.UTF8.GetBytes(damaged);
        var time = LogTimestamp.From(DateTimeOffset.UnixEpoch);

        Assert.Multiple(() =>
        {
            Assert.That(LogFilter.None.Matches(record));
            Assert.That(LogFilter.Of(new LogCriteria { From = time, To = time }).Matches(record));
            Assert.That(LogFilter.Of(new LogCriteria { UserId = UserId.Create("ada") }).Matches(record), Is.False);
            Assert.That(LogFilter.Of(new LogCriteria { Statuses = [LogStatus.Create("OK")] }).Matches(record), Is.False);
            Assert.That(LogFilter.Of(new LogCriteria { Text = "q" }).Matches(record), Is.False);
            Assert.That(LogFilter.Of(new LogCriteria { Attributes = [KeyValuePair.Create("k", "v")] }).Matches(record), Is.False);
        });
    }

    [Test]
    public void Matches_EditedInTheStoreWithOtherEscapes_IsTakenForTheTextItStandsFor()
    {
        var entry = LogEntry.Create(
            UserId.Create("ada"), QueryText.Create("SELECT 1"), LogStatus.Create("OK"), DateTimeOffset.UnixEpoch, EntryGen.Hasher);
        var edited = Encoding.UTF8.GetString(EntryRecord.Encode(entry))
            .Replace("\"ada\"", "\"\\u0061da\"", StringComparison.Ordinal).Replace("SELECT", "\\u0053ELECT", StringComparison.Ordinal);

        var filter = LogFilter.Of(new LogCriteria { UserId = UserId.Create("ada"), Text = "select" });

        Assert.That(filter.Matches(Encoding.UTF8.GetBytes(edited)));
    }

    [Test]
    public void Matches_RecordDamagedAnywhere_NeverThrows() =>
        Gen.Select(Entry, Criteria, Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 10_000]).Sample((entry, criteria, place, value, end) =>
        {
            var record = EntryRecord.Encode(entry);
            record[place % record.Length] = value;
            _ = LogFilter.Of(criteria).Matches(record);
            _ = LogFilter.Of(criteria).Matches(record.AsSpan(0, end % record.Length));
        });

    [Test]
    public void Digest_SameConditionsInAnotherOrder_IsTheSame()
    {
        LogStatus[] statuses = [LogStatus.Create("A"), LogStatus.Create("B")];
        KeyValuePair<string, string>[] pairs = [new("a", "1"), new("b", "2")];
        var one = LogFilter.Of(new LogCriteria { Statuses = statuses, Attributes = pairs });
        var other = LogFilter.Of(new LogCriteria { Statuses = [.. statuses.Reverse(), statuses[0]], Attributes = [.. pairs.Reverse()] });

        Assert.That(other.Digest, Is.EqualTo(one.Digest));
    }

    [Test]
    public void Digest_OtherConditions_Differs()
    {
        var time = LogTimestamp.From(DateTimeOffset.UnixEpoch);
        LogCriteria[] criteria =
        [
            new(),
            new() { UserId = UserId.Create("a") },
            new() { Statuses = [LogStatus.Create("a")] },
            new() { Text = "a" },
            new() { Text = "A" },
            new() { From = time },
            new() { To = time },
            new() { Attributes = [KeyValuePair.Create("a", "")] },
            new() { Attributes = [KeyValuePair.Create("a", "a")] },
            new() { Statuses = [LogStatus.Create("a")], Text = "a" },
        ];

        Assert.That(criteria.Select(one => LogFilter.Of(one).Digest), Is.Unique);
    }

    [TestCase("", false)]
    [TestCase("a", true)]
    [TestCase("\U00010400", true)]
    public void CheckText_Text_SaysWhetherThereCanBeEntriesWithIt(string text, bool accepted) =>
        Assert.That(LogFilter.CheckText(text) is null, Is.EqualTo(accepted));

    [Test]
    public void CheckText_HalfASurrogatePair_IsRefused() => Assert.That(LogFilter.CheckText("a\ud800"), Does.Contain("Unicode"));

    [TestCase(1024, true)]
    [TestCase(1025, false)]
    public void CheckText_Length_CountsCharacters(int length, bool accepted) =>
        Assert.That(LogFilter.CheckText(string.Concat(Enumerable.Repeat("\U0001F642", length))) is null, Is.EqualTo(accepted));

    private static bool IsWanted(LogEntry entry, LogCriteria criteria) =>
        (criteria.UserId is null || entry.UserId == criteria.UserId)
        && (criteria.Statuses.Count == 0 || criteria.Statuses.Contains(entry.Status))
        && (criteria.From is null || entry.Timestamp.Utc >= criteria.From.Utc)
        && (criteria.To is null || entry.Timestamp.Utc < criteria.To.Utc)
        && (criteria.Text is null || entry.Query.Value.Contains(criteria.Text, StringComparison.OrdinalIgnoreCase))
        && criteria.Attributes.All(pair => entry.Attributes.Pairs.Contains(pair));

    private static string Spell(int[] letters) => string.Concat(letters.Select(letter => Letters[letter]));

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<T?> OrNone<T>(Gen<T> gen)
        where T : class => Gen.Frequency((2, Gen.Const((T?)null)), (1, gen.Select(T? (value) => value)));
}
