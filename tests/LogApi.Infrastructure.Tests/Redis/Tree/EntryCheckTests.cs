using System.Text;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Domain.Verification;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

public sealed class EntryCheckTests
{
    private static readonly EntryCheck Check = new(Some.Hasher);

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char["abz |{}:,/é漢"].Array[1, 40].Select(characters => new string(characters)),
        Gen.Char["ab\"\\\n\u0001\u007f\u2028,:{}"].Array[1, 20].Select(characters => new string(characters)));

    private static readonly Gen<LogEntry> Entry = Gen.Select(Text, Text, Gen.Bool, Gen.Bool).Select((query, other, happened, more) =>
        LogEntry.Create(
            Some.UserId(new string([.. other.Where(character => character != '|' && !char.IsControl(character)).Append('u')])),
            QueryText.Create(query),
            Some.Status("OK"),
            Some.Time,
            Some.Hasher,
            happened ? LogTimestamp.From(Some.Time) : null,
            more ? LogAttributes.Create([KeyValuePair.Create("k", (string?)other), KeyValuePair.Create("l", (string?)query)]) : null));

    [Test]
    public void Judge_AnyEntry_IsRightAndHasItsLeaf() => Entry.Sample(entry =>
    {
        var side = Some.Side(entry);
        Assert.That(Judge(EntryRecord.Encode(entry), side, entry.Id, out var leaf), Is.Null);
        Assert.That(leaf, Is.EqualTo(TreeHash.OfLeaf(LogLeaf.Of(entry, side.AsSpan(IdTag.Size)).Encode())));
    });

    [Test]
    public void Judge_AnyChangedByte_IsAsTheVerdictSays() =>
        Gen.Select(Entry, Gen.Double[0, 1], Gen.Byte[1, 255]).Sample((entry, at, change) =>
        {
            byte[] stored = [.. EntryRecord.Encode(entry), .. Some.Side(entry)];
            stored[(int)(at * (stored.Length - 1))] ^= change;
            AssertAsTheVerdict(entry.Id, stored[..^EntrySide.Size], stored[^EntrySide.Size..]);
        });

    [TestCase("a\\\"b", "a\"b", TestName = "Judge_QuoteWithoutItsEscape_IsWrong")]
    [TestCase("a\\nb", "a\nb", TestName = "Judge_LineWithoutItsEscape_IsWrong")]
    public void Judge_OtherSpelling_IsWrong(string written, string changed)
    {
        var entry = Some.Entry("ada", written.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal));
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(entry));
        Assert.That(record, Does.Contain(written));
        var other = Encoding.UTF8.GetBytes(record.Replace(written, changed, StringComparison.Ordinal));
        Assert.That(Judge(other, Some.Side(entry), entry.Id, out _), Is.Not.Null);
    }

    [Test]
    public void Judge_HashInCapitals_IsWrong()
    {
        var entry = Some.Entry("ada", "SELECT 1");
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(entry));
        var other = record.Replace(entry.Hash.Hex, entry.Hash.Hex.ToUpperInvariant(), StringComparison.Ordinal);
        Assert.That(Judge(Encoding.UTF8.GetBytes(other), Some.Side(entry), entry.Id, out _), Is.Not.Null);
    }

    [Test]
    public void Judge_BorderBetweenUserAndQueryMoved_IsWrong()
    {
        var entry = Some.Entry("ada", "b|c");
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(entry));
        var other = record.Replace($"\"user_id\":\"{entry.UserId}\",\"query\":\"b|c\"", $"\"user_id\":\"{entry.UserId}|b\",\"query\":\"c\"", StringComparison.Ordinal);
        Assert.That(other, Is.Not.EqualTo(record));
        Assert.That(Judge(Encoding.UTF8.GetBytes(other), Some.Side(entry), entry.Id, out _), Is.Not.Null);
    }

    [Test]
    public void Judge_EntryUnderAnotherId_IsWrong()
    {
        var (entry, other) = (Some.Entry("ada", "SELECT 1"), Some.Entry("ada", "SELECT 1"));
        Assert.That(Judge(EntryRecord.Encode(entry), Some.Side(entry), other.Id, out _), Does.Contain("another entry"));
    }

    [Test]
    public void FindLeaf_UnderAnotherSecret_IsTheSameLeaf()
    {
        var (entry, other) = (Some.Entry("ada", "SELECT 1"), Some.Entry("ada", "SELECT 2"));
        var side = Some.Side(entry);
        using var hasher = new EntryHasher("another secret of 32 bytes or more"u8);
        var leaf = new EntryCheck(hasher).FindLeaf(Bundle(EntryRecord.Encode(entry), side, entry.Id), 0);
        Assert.That(leaf, Is.EqualTo(LogLeaf.Of(entry, side.AsSpan(IdTag.Size))));
        Assert.That(Check.FindLeaf(Bundle(default, side, entry.Id), 0), Is.Null, "a record that is gone");
        Assert.That(Check.FindLeaf(Bundle(EntryRecord.Encode(other), side, other.Id), 0), Is.Not.EqualTo(leaf), "the tree has another");
    }

    private static void AssertAsTheVerdict(LogId id, byte[] record, byte[] side)
    {
        var verdict = EntryVerification.Of(id, record, side, Some.Hasher);
        Assert.That(Judge(record, side, id, out var leaf), Is.EqualTo(verdict.Error));
        if (verdict.Valid) Assert.That(leaf, Is.EqualTo(TreeHash.OfLeaf(verdict.Leaf!.Encode())));
    }

    private static string? Judge(byte[] record, byte[] side, LogId id, out TreeHash leaf) => Check.Judge(Bundle(record, side, id), 0, out leaf)?.Text;

    private static LeafBundle Bundle(ReadOnlyMemory<byte> record, byte[] side, LogId id)
    {
        var sealedEntry = new SealedEntry(record, id.Value.ToByteArray(bigEndian: true), side);
        return new LeafBundle(0, SealedBundle.Decode(BundleEncoder.Encode([sealedEntry])).Open(), 0, Rows: null);
    }
}
