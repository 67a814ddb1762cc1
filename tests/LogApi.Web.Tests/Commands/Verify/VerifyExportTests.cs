using System.Text;
using System.Text.Json.Nodes;
using LogApi.Testing;
using LogApi.Web.Commands.Verify;

namespace LogApi.Web.Tests.Commands.Verify;

public sealed class VerifyExportTests
{
    private static readonly SampleLog Log = new(7);

    private VerifyRun _run;

    private static IEnumerable<TestCaseData> Edits =>
    [
        Edit("query", lines => lines[2]["query"] = "SELECT '9'", "Line 3 is not what was logged at index 2"),
        Edit("user", lines => lines[2]["user_id"] = "eve", "Line 3 is not what was logged at index 2"),
        Edit("status", lines => lines[2]["status"] = "FAILURE", "Line 3 is not what was logged at index 2"),
        Edit("time", lines => lines[2]["timestamp"] = "2026-03-01T12:00:02.000001Z", "Line 3 is not what was logged"),
        Edit("time in another form", lines => lines[2]["timestamp"] = "2026-03-01T12:00:02Z", "Line 3 is no entry: its timestamp"),
        Edit("hash", lines => lines[2]["hash"] = new string('0', 64), "Line 3 is not what was logged"),
        Edit("occurred_at gone", lines => lines[2].Remove("occurred_at"), "Line 3 is not what was logged"),
        Edit("attribute", lines => lines[3]["attributes"]!["host"] = "db4", "Line 4 is not what was logged"),
        Edit("attribute that is no text", lines => lines[3]["attributes"]!["host"] = 4, "Line 4 is no entry: its attributes"),
        Edit("member put in", lines => lines[2]["approved_by"] = "bob", "Line 3 has a member \"approved_by\", which was not logged"),
        Edit("control characters", lines => lines[2]["\u001b[2J"] = "", "Line 3 has a member \"?[2J\""),
        Edit("id of another", lines => lines[2]["id"] = Log[3].Id.ToString(), "Line 3 is not what was logged"),
        Edit("id in capitals", lines => lines[2]["id"] = Log[2].Id.ToString().ToUpperInvariant(), "Line 3 has an id that is not a UUID as"),
        Edit("salt", lines => lines[2]["salt"] = Log.Salt(3), "Line 3 is not what was logged"),
        Edit("salt gone", lines => lines[2]["salt"] = null, "Line 3 has no salt"),
        Edit("short salt", lines => lines[2]["salt"] = "AQID", "Line 3 has a salt that is not 16 bytes"),
        Edit("index", lines => lines[2]["log_index"] = 4, "Line 3 is not what was logged at index 4"),
        Edit("index past the end", lines => lines[2]["log_index"] = 7, "Line 3 is not what was logged at index 7"),
        Edit("seq", lines => lines[2]["seq"] = 3, "Line 3 has a seq that is not its log_index 2"),
        Edit("proof gone", lines => lines[2].Remove("inclusion"), "Line 3 has no proof"),
        Edit("proof emptied", lines => lines[2]["inclusion"] = new JsonArray(), "Line 3 is not what was logged"),
        Edit("proof of text", lines => lines[2]["inclusion"] = new JsonArray("x"), "Line 3 has a member inclusion of another form"),
        Edit("redacted by somebody", Redact, "Line 3 is redacted, but has a user_id"),
        Edit("line gone", lines => lines.RemoveAt(2), "has 7 entries; the file has 6"),
        Edit("line gone and counted", lines => { lines.RemoveAt(2); lines[^1]["count"] = "6"; }, "has no entries; the file has 6"),
        Edit("line twice", lines => lines.Insert(3, Copy(lines[2])), "index 2 comes after 2"),
        Edit("lines swapped", lines => { (lines[4], lines[5]) = (Copy(lines[5]), Copy(lines[4])); }, "Line 6 is out of order: index 4 comes after 5"),
        Edit("gap", lines => lines[2] = new JsonObject { ["type"] = "gap", ["from"] = 2, ["to"] = 2, ["reason"] = "gone\u001b" },
            "Line 3 says that the service could not give out entry 2: \"gone?\""),
        Edit("end in the middle", lines => lines.Insert(3, Log.End(3)), "Line 5 comes after the end"),
        Edit("something else", lines => lines[2] = new JsonObject { ["type"] = "log" }, "Line 3 is neither an entry nor the end"),
        Edit("member put into the end", lines => lines[7]["complete"] = true, "Line 8 has a member \"complete\", which no export has"),
        Edit("end that does not say whether there is more", lines => lines[7].Remove("has_more"), "Line 8 does not say whether there are more"),
        Edit("end gone", lines => lines.RemoveAt(7), "The last line is not the end of an export"),
        Edit("checkpoint gone", lines => lines[7].Remove("checkpoint"), "The export has no checkpoint"),
        Edit("checkpoint null", lines => lines[7]["checkpoint"] = null, "The export has no checkpoint"),
        Edit("checkpoint that is none", lines => lines[7]["checkpoint"] = "x", "is no signed note"),
        Edit("checkpoint of the past", lines => lines[7]["checkpoint"] = Log.Checkpoint(5), "Line 7 is not what was logged at index 6"),
        Edit("checkpoint edited", lines => lines[7]["checkpoint"] = Log.Checkpoint().Replace("\n7\n", "\n8\n", StringComparison.Ordinal),
            "was changed after logs.example.org/audit (key 7b8cc6b1) signed it"),
        Edit("checkpoint of another key", lines => lines[7]["checkpoint"] = Log.Checkpoint(signer: SampleLog.OtherSigner), "is not signed by logs.example.org/audit (key 7b8cc6b1)"),
    ];

    [SetUp]
    public void MakeFolder() => _run = new VerifyRun();

    [TearDown]
    public void RemoveFolder() => _run.Dispose();

    [Test]
    public async Task RunAsync_WholeExport_SaysWhatIsProvenAndWhatIsNot()
    {
        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(Log.Export(Enumerable.Range(0, 7))));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output.Split('\n').Skip(1).Take(12), Is.EqualTo(new[]
        {
            "",
            "Proven:",
            $"  - logs.example.org/audit (key 7b8cc6b1) signed this: the log logs.example.org/audit has 7 entries, and their tree has the root {Log.Root(7)}.",
            "  - 7 entries of the file are in that tree, at the indexes 0 to 6 without a gap: no entry is missing between them.",
            "  - Each was logged exactly as it is here: user, query, status, hash, times and attributes.",
            "",
            "Not proven:",
            "  - That \"hash\" was made with the log's secret: only who has the secret can tell. It is the one that was logged.",
            "  - That the log shows everybody the same history: that takes --checkpoint, with a checkpoint from another time or from somebody else.",
            "",
            "All that can be proven holds.",
            "",
        }));
    }

    [TestCase(new[] { 1, 3, 6 }, "3 entries of the file are in that tree, at indexes from 1 to 6, with gaps.", "of the other 4 of the log's 7 entries, some of which")]
    [TestCase(new[] { 5, 4, 3 }, "at the indexes 5 to 3 without a gap", "Anything of the other 4 of the log's 7 entries.")]
    [TestCase(new[] { 4 }, "1 entry of the file is in that tree, at index 4.", "of the other 6")]
    [TestCase(new int[0], "7 entries, and their tree", "of the other 7")]
    public async Task RunAsync_PartOfTheLog_SaysThatTheRestIsOpen(int[] indexes, string proven, string open)
    {
        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(Log.Export(indexes)));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain(proven).And.Contain(open));
    }

    [Test]
    public async Task RunAsync_RedactedEntry_IsProvenWithoutItsContent()
    {
        var log = new SampleLog(5);
        log.Redact(3);

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(log.Export(Enumerable.Range(0, 5))));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("1 entry is redacted: one with this id").And.Contain("What the 1 redacted entry said."));
        Assert.That(output, Does.Contain("Each that is not redacted was logged exactly as it is here"));
    }

    [Test]
    public async Task RunAsync_EntriesWrittenInAnotherOrderOfMembers_AreTheSame()
    {
        var lines = Log.Export(Enumerable.Range(0, 7)).Select(line => new JsonObject(line.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))));

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(lines));

        Assert.That(exitCode, Is.Zero, output);
    }

    [Test]
    public async Task RunAsync_ExportThatGoesOn_SaysSo()
    {
        List<JsonObject> lines = [Log.Line(0), Log.End(1, hasMore: true)];

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(lines));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("it says that there are more"));
    }

    [Test]
    public async Task RunAsync_LinesSwapped_DoesNotSayThatOneIsMissing()
    {
        var lines = Log.Export(Enumerable.Range(0, 7));
        (lines[4], lines[5]) = (Copy(lines[5]), Copy(lines[4]));

        var (_, output) = await _run.VerifyAsync(SampleLog.Text(lines));

        Assert.That(output, Does.Contain("7 entries of the file are in that tree, but not in order").And.Not.Contain("gaps"));
    }

    [TestCaseSource(nameof(Edits))]
    public async Task RunAsync_Edited_NamesTheLineAndEndsWithOne(Action<List<JsonObject>> edit, string finding)
    {
        var lines = Log.Export(Enumerable.Range(0, 7));
        edit(lines);

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(lines));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("WRONG").And.Contain(finding));
        Assert.That(output, Does.Match("(thing is|things are) not as (it|they) should be"));
        Assert.That(output.Count(letter => char.IsControl(letter) && letter != '\n'), Is.Zero);
    }

    [Test]
    public async Task RunAsync_AnyByteChanged_IsNoticedUnlessItIsTheSameJson()
    {
        var log = new SampleLog(3);
        var text = Encoding.UTF8.GetBytes(SampleLog.Text(log.Export([0, 1, 2])));
        var original = Parse(text);
        var random = new Random(1);
        var same = 0;
        for (var place = 0; place < text.Length; place++)
        {
            var changed = text.ToArray();
            changed[place] ^= (byte)(1 << random.Next(8));
            var path = _run.Write("changed", "");
            await File.WriteAllBytesAsync(path, changed);
            var (exitCode, output) = await VerifyRun.RunAsync(path, "--vkey", Some.VerifierKey);
            if (exitCode != 0) continue;
            same++;
            Assert.That(Parse(changed), Is.EqualTo(original), $"byte {place} of {text.Length} was changed unseen:\n{output}");
        }

        Assert.That(same, Is.LessThan(text.Length / 50));
    }

    [Test]
    public async Task RunAsync_LinesThatAreNoJsonOrTooLong_AreNamed()
    {
        List<string> lines = [.. SampleLog.Text(Log.Export([0, 1, 2])).Split('\n')];
        lines[1] = lines[1].Replace("\"seq\":1", "\"seq\":1,\"seq\":1", StringComparison.Ordinal);
        lines.Insert(2, new string(' ', FileLines.MaxLineBytes) + "{}");
        lines.Insert(3, "{\"id\":\"\\ud800\"}");

        var (exitCode, output) = await _run.VerifyAsync(string.Join('\n', lines));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("Line 2 is not a JSON object, or has a member twice"));
        Assert.That(output, Does.Contain("Line 3 is blank, or too long"));
        Assert.That(output, Does.Contain("Line 4 is not a JSON object, or has a member twice or text that is not Unicode"));
    }

    [Test]
    public async Task RunAsync_ManyFindings_PrintsTheFirstAndCountsAll()
    {
        var log = new SampleLog(150);
        var lines = log.Export(Enumerable.Range(0, 150));
        foreach (var line in lines.SkipLast(1)) line["status"] = "FAILURE";

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(lines));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output.Split("WRONG"), Has.Length.EqualTo(101));
        Assert.That(output, Does.Contain("150 things are not as they should be"));
    }

    [Test]
    public async Task RunAsync_WithoutLastNewlineAndWithCarriageReturns_IsRead()
    {
        var text = SampleLog.Text(Log.Export([0, 1, 2])).TrimEnd('\n').Replace("\n", "\r\n", StringComparison.Ordinal);

        var (exitCode, output) = await _run.VerifyAsync(text);

        Assert.That(exitCode, Is.Zero, output);
    }

    private static void Redact(List<JsonObject> lines)
    {
        lines[2]["redacted"] = true;
        lines[2]["commitment"] = Log.Leaf(2).Commitment.ToString();
        lines[2]["salt"] = null;
    }

    private static JsonObject Copy(JsonObject line) => line.DeepClone().AsObject();

    private static string Parse(byte[] text) =>
        string.Join('\n', Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.ToJsonString()));

    private static TestCaseData Edit(string name, Action<List<JsonObject>> edit, string finding) =>
        new TestCaseData(edit, finding).SetArgDisplayNames(name);
}
