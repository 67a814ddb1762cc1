using System.Text;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Testing;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Tests.Live.Frames;

[Parallelizable(ParallelScope.All)]
public sealed class RecordShapeTests
{
    private const string Whole = """{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h"}""";

    private static readonly int[] Special = [0x22, 0x5C, 0xA0, 0x2028, 0x3000, 0xFEFF, 0xFFFD, 0xFFFF];

    // Every Unicode scalar value that a user id may have, the rare kinds often: above the BMP, private, not assigned, spaces.
    private static readonly Gen<Rune> Character = Gen.Frequency(
        (4, Gen.Int[0x20, 0x7E]),
        (2, Gen.Int[0, Special.Length - 1].Select(i => Special[i])),
        (3, Gen.Int[0xA0, 0xD7FF]),
        (2, Gen.Int[0xE000, 0xFFFF]),
        (3, Gen.Int[0x10000, 0x10FFFF])).Where(value => value != '|').Select(value => new Rune(value));

    [Test]
    public void TryLocateUserId_AnyEntry_FindsWhatItsFilterLooksFor() => Character.Array[1, 30].Sample(characters =>
    {
        var text = string.Concat(characters);
        var userId = UserId.Create(text);
        var record = EntryRecord.Encode(Some.Entry(text, query: "user_id\":\"x\""));
        Assert.That(RecordShape.TryLocateUserId(record, out var range), Is.True);
        Assert.That(new UserFilter(userId.Value).Matches(record.AsSpan()[range]), Is.True);
        Assert.That(new UserFilter(userId.Value + "x").Matches(record.AsSpan()[range]), Is.False);
    });

    [Test]
    public void TryLocateUserId_EntryWithContext_IsServed()
    {
        var plain = Encoding.UTF8.GetString(EntryRecord.Encode(Some.Entry("u")))[..^1];
        foreach (var context in new[] { "\"occurred_at\":\"t\"", "\"attributes\":{\"a\":\"1\",\"b\":\"\"}", "\"occurred_at\":\"t\",\"attributes\":{\"a\":\"1\"}" })
            Assert.That(RecordShape.TryLocateUserId(Encoding.UTF8.GetBytes($"{plain},{context}}}"), out _), Is.True, context);
        foreach (var context in new[] { "\"occurred_at\":7", "\"attributes\":[]", "\"attributes\":{\"a\":1}", "\"attributes\":{\"a\":{}}", "\"attributes\":{},\"occurred_at\":\"t\"" })
            Assert.That(RecordShape.TryLocateUserId(Encoding.UTF8.GetBytes($"{plain},{context}}}"), out _), Is.False, context);
    }

    [TestCase("", TestName = "empty")]
    [TestCase("{}", TestName = "no members")]
    [TestCase("not json", TestName = "not JSON")]
    [TestCase("""["id","i"]""", TestName = "another kind of JSON")]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h"}x""", TestName = "more behind it")]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h"},{}""", TestName = "another value behind it")]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t"}""", TestName = "a member less")]
    [TestCase("""{"id":"i","user_id":"u","query":"q","status":"s","timestamp":"t","hash":"h","type":"heartbeat"}""", TestName = "a member more")]
    [TestCase("""{"id":"i","user_id":7,"query":"q","status":"s","timestamp":"t","hash":"h"}""", TestName = "a number")]
    [TestCase("""{"id":"i","user_id":"\u0075","query":"q","status":"s","timestamp":"t","hash":"h"}""", TestName = "another spelling of the user id")]
    [TestCase("""{"id":"i","user_id":"\ud83d\ude42","query":"q","status":"s","timestamp":"t","hash":"h"}""", TestName = "an escape that is not needed")]
    [TestCase("""{"id":"i","user_id":"\/","query":"q","status":"s","timestamp":"t","hash":"h"}""", TestName = "an escaped slash")]
    [TestCase("""{"id":"i","user_id":"\ud800","query":"q","status":"s","timestamp":"t","hash":"h"}""", TestName = "a lone surrogate")]
    public void TryLocateUserId_RecordThatCannotBeServed_Fails(string record) =>
        Assert.That(RecordShape.TryLocateUserId(Encoding.UTF8.GetBytes(record), out _), Is.False);

    [Test]
    public void TryLocateUserId_InvalidUtf8_Fails()
    {
        var record = Encoding.UTF8.GetBytes(Whole);
        Assert.That(RecordShape.TryLocateUserId(record, out _), Is.True);
        record[Array.LastIndexOf(record, (byte)'q')] = 0xFF;
        Assert.That(RecordShape.TryLocateUserId(record, out _), Is.False);
    }

    [Test]
    public void TryLocateUserId_EditedButReadableRecord_IsServedAsItIs()
    {
        var record = Encoding.UTF8.GetBytes(Whole.Replace("\"q\"", "\"something else\"", StringComparison.Ordinal));
        Assert.That(RecordShape.TryLocateUserId(record, out var range), Is.True);
        Assert.That(Encoding.UTF8.GetString(record[range]), Is.EqualTo("u"));
    }
}
