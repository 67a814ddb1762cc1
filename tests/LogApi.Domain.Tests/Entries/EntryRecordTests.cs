using System.Text;
using System.Text.Json;
using CsCheck;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class EntryRecordTests
{
    [Test]
    public void Encode_AnyEntry_DecodesToTheSameEntry() => EntryGen.Entry.Sample(entry =>
        EntryRecord.TryDecode(EntryRecord.Encode(entry), out var decoded, out _) && decoded == entry);

    [Test]
    public void Encode_AnyEntry_IsJsonThatOthersReadTheSame() => EntryGen.Entry.Sample(entry =>
    {
        var json = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(EntryRecord.Encode(entry))!;
        var expected = new List<string> { "id", "user_id", "query", "status", "timestamp", "hash" };
        if (entry.OccurredAt is not null) expected.Add("occurred_at");
        if (entry.Attributes.Pairs.Count > 0) expected.Add("attributes");
        Assert.That(json.Keys, Is.EqualTo(expected));
        Assert.That(json["id"].GetString(), Is.EqualTo(entry.Id.ToString()));
        Assert.That(json["user_id"].GetString(), Is.EqualTo(entry.UserId.Value));
        Assert.That(json["query"].GetString(), Is.EqualTo(entry.Query.Value));
        Assert.That(json["status"].GetString(), Is.EqualTo(entry.Status.Value));
        Assert.That(json["timestamp"].GetString(), Is.EqualTo(entry.Timestamp.Text));
        Assert.That(json["hash"].GetString(), Is.EqualTo(entry.Hash.Hex));
        if (json.TryGetValue("occurred_at", out var occurredAt)) Assert.That(occurredAt.GetString(), Is.EqualTo(entry.OccurredAt!.Text));
        if (json.TryGetValue("attributes", out var attributes))
        {
            Assert.That(
                attributes.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!)),
                Is.EqualTo(entry.Attributes.Pairs));
        }
    });

    [Test]
    public void EncodeText_AnyUserId_IsWhatStandsInItsRecord() => EntryGen.Entry.Sample(entry =>
    {
        byte[] expected = [.. "\"user_id\":\""u8, .. EntryRecord.EncodeText(entry.UserId.Value), .. "\",\"query\":"u8];
        Assert.That(EntryRecord.Encode(entry).AsSpan().IndexOf(expected), Is.GreaterThan(0));
    });

    // The exact bytes, because they stay in stores for years: a later runtime or library must not write them differently.
    [TestCase("plain", "plain")]
    [TestCase("quote \" backslash \\ slash /", "quote \\\" backslash \\\\ slash /")]
    [TestCase("\b\t\n\f\r", "\\b\\t\\n\\f\\r")]
    [TestCase("\0\u0001\u000B\u001F", "\\u0000\\u0001\\u000b\\u001f")]
    [TestCase("<a href='x'>&amp;+`", "<a href='x'>&amp;+`")]
    [TestCase("\u007F\u0085\u2028\u2029\uFEFF\uFFFF", "\u007F\u0085\u2028\u2029\uFEFF\uFFFF")]
    [TestCase("日本語 🙂", "日本語 🙂")]
    [TestCase("\u0378 not assigned in Unicode 16, \uE000 private", "\u0378 not assigned in Unicode 16, \uE000 private")]
    public void Encode_Text_EscapesOnlyWhatJsonRequires(string query, string encoded)
    {
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(Entry(query)));
        Assert.That(record, Does.Contain($"\"query\":\"{encoded}\",\"status\":"));
    }

    [Test]
    public void Encode_LargestQuery_DecodesToTheSameEntry()
    {
        foreach (var text in new[] { new string('\0', QueryText.MaxBytes), string.Concat(Enumerable.Repeat("🙂", QueryText.MaxBytes / 4)) })
        {
            var entry = Entry(text);
            Assert.That(EntryRecord.TryDecode(EntryRecord.Encode(entry), out var decoded, out _), Is.True);
            Assert.That(decoded, Is.EqualTo(entry));
        }
    }

    private static IEnumerable<TestCaseData> Rewritten()
    {
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(Entry("SELECT 1")));
        TestCaseData Case(string name, string changed)
        {
            Assert.That(changed, Is.Not.EqualTo(record), name);
            return new TestCaseData(changed).SetArgDisplayNames(name);
        }

        yield return Case("space before", " " + record);
        yield return Case("space after", record + " ");
        yield return Case("line end after", record + "\n");
        yield return Case("space inside", record.Replace("\",\"status", "\", \"status", StringComparison.Ordinal));
        yield return Case("second document after", record + record);
        yield return Case("extra member first", record.Replace("{", "{\"x\":\"y\",", StringComparison.Ordinal));
        yield return Case("extra member last", record.Replace("}", ",\"x\":\"y\"}", StringComparison.Ordinal));
        yield return Case("member twice", record.Replace("}", ",\"status\":\"SUCCESS\"}", StringComparison.Ordinal));
        yield return Case("member missing", record.Replace("\"status\":\"SUCCESS\",", "", StringComparison.Ordinal));
        yield return Case("members reordered", record.Replace(
            "\"query\":\"SELECT 1\",\"status\":\"SUCCESS\"", "\"status\":\"SUCCESS\",\"query\":\"SELECT 1\"", StringComparison.Ordinal));
        yield return Case("needless escape in a value", record.Replace("SELECT", "S\\u0045LECT", StringComparison.Ordinal));
        yield return Case("needless escape in a name", record.Replace("\"query", "\"qu\\u0065ry", StringComparison.Ordinal));
        yield return Case("name in other case", record.Replace("\"query", "\"Query", StringComparison.Ordinal));
        yield return Case("null value", record.Replace("\"SUCCESS\"", "null", StringComparison.Ordinal));
        yield return Case("number value", record.Replace("\"SUCCESS\"", "1", StringComparison.Ordinal));
        yield return Case("object value", record.Replace("\"SUCCESS\"", "{}", StringComparison.Ordinal));
        yield return Case("trailing comma", record.Replace("}", ",}", StringComparison.Ordinal));
        yield return Case("comment", record.Replace("}", "/**/}", StringComparison.Ordinal));
        yield return Case("byte order mark", "\uFEFF" + record);
        yield return Case("id in upper case", record.ToUpperInvariant()[..44] + record[44..]);
        yield return Case("array around", $"[{record}]");
        yield return Case("text", "\"x\"");
        yield return Case("nothing but a brace", "{");
        yield return Case("empty object", "{}");
        yield return Case("lone surrogate", record.Replace("SELECT", "\\ud800", StringComparison.Ordinal));
    }

    [TestCaseSource(nameof(Rewritten))]
    public void TryDecode_AnyOtherFormOfTheSameEntry_IsRefusedWithAReason(string record)
    {
        Assert.That(EntryRecord.TryDecode(Encoding.UTF8.GetBytes(record), out var entry, out var problem), Is.False);
        Assert.That(entry, Is.Null);
        Assert.That(problem, Is.Not.Empty);
    }

    [Test]
    public void TryDecode_InvalidUtf8_IsRefusedWithAReason()
    {
        var record = EntryRecord.Encode(Entry("SELECT 1"));
        record[Array.IndexOf(record, (byte)'S')] = 0xFF;
        Assert.That(EntryRecord.TryDecode(record, out _, out var problem), Is.False);
        Assert.That(problem, Is.Not.Empty);
    }

    [Test]
    public void TryDecode_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 300].Sample(bytes =>
        !EntryRecord.TryDecode(bytes, out _, out var problem) && problem.Length > 0);

    [TestCase("\"user_id\":\"u\"", "\"user_id\":\"a|b\"", "user_id must not contain")]
    [TestCase("\"query\":\"SELECT 1\"", "\"query\":\"\"", "query is required")]
    [TestCase("\"status\":\"SUCCESS\"", "\"status\":\"a b\"", "status must consist")]
    [TestCase(".000000Z", ".0Z", "timestamp")]
    [TestCase("\"hash\":\"", "\"hash\":\"0", "hash")]
    [TestCase("\"id\":\"", "\"id\":\"0", "id is not a UUID")]
    public void TryDecode_FieldThatIsNoLongerAccepted_NamesTheField(string was, string now, string problem)
    {
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(Entry("SELECT 1")));
        var changed = record.Replace(was, now, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(record));
        Assert.That(EntryRecord.TryDecode(Encoding.UTF8.GetBytes(changed), out _, out var said), Is.False);
        Assert.That(said, Does.Contain(problem));
    }

    [Test]
    public void Encode_WithContext_AddsItAfterTheHash()
    {
        var entry = LogEntry.Create(
            UserId.Create("u"), QueryText.Create("q"), LogStatus.Create("OK"), DateTimeOffset.UnixEpoch, EntryGen.Hasher,
            LogTimestamp.From(DateTimeOffset.UnixEpoch),
            LogAttributes.Create([KeyValuePair.Create("b", (string?)"2\n"), KeyValuePair.Create("a", (string?)"1")]));

        Assert.That(
            Encoding.UTF8.GetString(EntryRecord.Encode(entry)),
            Does.EndWith(entry.Hash.Hex + "\",\"occurred_at\":\"1970-01-01T00:00:00.000000Z\",\"attributes\":{\"a\":\"1\",\"b\":\"2\\n\"}}"));
    }

    [TestCase("\"attributes\":{\"b\":\"2\",\"a\":\"1\"}")]
    [TestCase("\"attributes\":{\"a\":\"1\",\"a\":\"1\"}")]
    [TestCase("\"attributes\":{\"a\":1}")]
    [TestCase("\"attributes\":{}")]
    [TestCase("\"attributes\":null")]
    [TestCase("\"occurred_at\":\"1970-01-01T00:00:00Z\"")]
    [TestCase("\"occurred_at\":null")]
    [TestCase("\"attributes\":{\"a\":\"1\"},\"occurred_at\":\"1970-01-01T00:00:00.000000Z\"")]
    [TestCase("\"other\":\"1\"")]
    public void TryDecode_ContextInAnotherForm_IsRefused(string context)
    {
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(Entry("SELECT 1")));
        Assert.That(
            EntryRecord.TryDecode(Encoding.UTF8.GetBytes($"{record[..^1]},{context}}}"), out _, out var problem), Is.False, problem);
    }

    private static LogEntry Entry(string query) => LogEntry.Create(
        UserId.Create("u"), QueryText.Create(query), LogStatus.Create("SUCCESS"), DateTimeOffset.UnixEpoch, EntryGen.Hasher);
}
