using System.Text;
using System.Text.Json;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Search;

public sealed class RecordFieldsTests
{
    [Test]
    public void TryLocate_AnyEntry_GivesItsMembers() => EntryGen.Entry.Sample(entry =>
    {
        var record = EntryRecord.Encode(entry);

        Assert.That(RecordFields.TryLocate(record, out var fields));
        Assert.That(RecordFields.TryReadContext(fields.Context, out var occurredAt, out var attributes));
        Assert.That(RecordFields.IsServable(record));
        Assert.That(RecordFields.Decode(fields.Id), Is.EqualTo(entry.Id.ToString()));
        Assert.That(RecordFields.Decode(fields.UserId), Is.EqualTo(entry.UserId.Value));
        Assert.That(RecordFields.Decode(fields.Query), Is.EqualTo(entry.Query.Value));
        Assert.That(RecordFields.Decode(fields.Status), Is.EqualTo(entry.Status.Value));
        Assert.That(RecordFields.Decode(fields.Timestamp), Is.EqualTo(entry.Timestamp.Text));
        Assert.That(RecordFields.Decode(fields.Hash), Is.EqualTo(entry.Hash.Hex));
        Assert.That(RecordFields.Decode(occurredAt), Is.EqualTo(entry.OccurredAt?.Text ?? ""));
        var pairs = attributes.IsEmpty ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(attributes)!;
        Assert.That(pairs, Is.EquivalentTo(entry.Attributes.Pairs));
    });

    [Test]
    public void IsServable_RedactedEntry_IsUnlessItWasChanged() => Gen.Select(EntryGen.Entry, Gen.Int[0, 100_000]).Sample((entry, place) =>
    {
        var record = new RedactedRecord(LogLeaf.Of(entry, new byte[LogLeaf.SaltSize])).Encode();
        Assert.That(RecordFields.IsServable(record));
        record[place % record.Length] = (byte)'"';
        Assert.That(RecordFields.IsServable(record), Is.EqualTo(RedactedRecord.TryDecode(record, out _)));
    });

    [Test]
    public void IsServable_RecordDamagedAnywhere_IsTrueOnlyForWhatAParserTakes() =>
        Gen.Select(EntryGen.Entry, Gen.Int[0, 100_000], Gen.OneOf(Gen.Byte, Gen.Int[0, 7].Select(i => "\"\\u{},: "u8[i]))).Sample((entry, place, value) =>
        {
            var record = EntryRecord.Encode(entry);
            record[place % record.Length] = value;
            if (RecordFields.IsServable(record)) _ = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(record);
        });

    [TestCase("", false)]
    [TestCase("{}", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h"}""", true)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h"}x""", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","role":"admin"}""", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","occurred_at":"o"}""", true)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","attributes":{"a":"b","c":"d"}}""", true)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","attributes":{"a":"b""", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","attributes":{"a":1}}""", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","attributes":{"a":"b"}""", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"\x","status":"s","timestamp":"t","hash":"h"}""", false)]
    [TestCase("""{"id":"i","user_id":"u","query":"\ud83d\ude42","status":"s","timestamp":"t","hash":"h"}""", true)]
    [TestCase("""{"id":"i","user_id":"u","query":"\ud83d","status":"s","timestamp":"t","hash":"h"}""", false)]
    [TestCase("{\"id\":\"i\",\"user_id\":\"u\",\"query\":\"\n\",\"status\":\"s\",\"timestamp\":\"t\",\"hash\":\"h\"}", false)]
    [TestCase("""{"user_id":"u","id":"i","query":"q","status":"s","timestamp":"t","hash":"h"}""", false)]
    public void IsServable_Record_SaysWhetherItCanBeServedAsItIs(string record, bool servable) =>
        Assert.That(RecordFields.IsServable(Encoding.UTF8.GetBytes(record)), Is.EqualTo(servable));

    [Test]
    public void IsServable_NotUtf8_IsFalse()
    {
        byte[] record = [.. "{\"id\":\"i\",\"user_id\":\"u\",\"query\":\""u8, 0xC3, .. "\",\"status\":\"s\",\"timestamp\":\"t\",\"hash\":\"h\"}"u8];

        Assert.That(RecordFields.IsServable(record), Is.False);
    }
}
