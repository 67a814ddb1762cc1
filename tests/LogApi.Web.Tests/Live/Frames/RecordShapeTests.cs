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

    [Test]
    public void TryLocateUserId_AnyEntry_FindsWhatItsFilterLooksFor() => Gen.String.Sample(text =>
    {
        if (!UserId.TryCreate(text, out var userId)) return;
        var record = EntryRecord.Encode(Some.Entry(text, query: "user_id\":\"x\""));
        Assert.That(RecordShape.TryLocateUserId(record, out var range), Is.True);
        Assert.That(new UserFilter(userId.Value).Matches(record.AsSpan()[range]), Is.True);
        Assert.That(new UserFilter(userId.Value + "x").Matches(record.AsSpan()[range]), Is.False);
    });

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
