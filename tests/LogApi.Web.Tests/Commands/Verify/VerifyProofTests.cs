using System.Text;
using System.Text.Json.Nodes;
using LogApi.Testing;

namespace LogApi.Web.Tests.Commands.Verify;

public sealed class VerifyProofTests
{
    private static readonly SampleLog Log = new(13);

    private VerifyRun _run;

    [SetUp]
    public void MakeFolder() => _run = new VerifyRun();

    [TearDown]
    public void RemoveFolder() => _run.Dispose();

    [Test]
    public async Task RunAsync_ProofWithItsEntry_NeedsNothingElse()
    {
        for (var index = 0; index < Log.Size; index++)
        {
            var (exitCode, output) = await _run.VerifyAsync(Log.Proof(index, withEntry: true));

            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Contain($"The entry {Log[index].Id} was logged exactly as it is here").And.Contain($"It has the index {index} in that tree."));
            Assert.That(output, Does.Contain("the log logs.example.org/audit has 13 entries"));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task RunAsync_EntryInAFileOfItsOwn_IsProven(bool isWrapped)
    {
        var entry = Log.Served(5);
        if (isWrapped) entry = new JsonObject { ["entry"] = entry, ["salt"] = Log.Salt(5) };
        else entry["salt"] = Log.Salt(5);

        var (exitCode, output) = await _run.VerifyAsync(Log.Proof(5, withEntry: false), "--entry", _run.Write("entry", entry.ToString()));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"The entry {Log[5].Id} was logged exactly as it is here"));
    }

    [Test]
    public async Task RunAsync_JsonProofAndTheEntryAsItWasAnswered_IsProven()
    {
        var entry = _run.Write("entry", Log.Served(5).ToJsonString());

        var (exitCode, output) = await _run.VerifyAsync(Log.JsonProof(5).ToString(), "--entry", entry);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"The entry {Log[5].Id} was logged exactly as it is here"));
    }

    [Test]
    public async Task RunAsync_JsonProofAlone_ProvesIdAndTimeOnly([Values] bool onOneLine)
    {
        var proof = Log.JsonProof(5);

        var (exitCode, output) = await _run.VerifyAsync(onOneLine ? proof.ToJsonString() : proof.ToString());

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"An entry with the id {Log[5].Id} and the time {Log[5].Timestamp} was logged: it has the index 5"));
        Assert.That(output, Does.Contain("What the entry says: that takes the entry itself"));
    }

    [Test]
    public async Task RunAsync_RedactedEntry_IsProvenWithoutItsContent()
    {
        var log = new SampleLog(4);
        log.Redact(2);

        var (exitCode, output) = await _run.VerifyAsync(log.Proof(2, withEntry: true));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("whose content was erased since. It has the index 2").And.Contain("What the redacted entry said."));
    }

    [Test]
    public async Task RunAsync_ProofWithoutTheEntry_CannotBeCarriedOut()
    {
        var (exitCode, output) = await _run.VerifyAsync(Log.Proof(5, withEntry: false));

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain("give it with --entry, or fetch the proof with ?extra=true"));
    }

    [Test]
    public async Task RunAsync_EntryWithoutASalt_IsNotProven()
    {
        var entry = _run.Write("entry", Log.Served(5).ToJsonString());

        var (exitCode, output) = await _run.VerifyAsync(Log.Proof(5, withEntry: false), "--entry", entry);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("has no salt"));
    }

    [Test]
    public async Task RunAsync_AnotherOrChangedEntry_IsFound()
    {
        var changed = Log.Line(5);
        changed["status"] = "FAILURE";
        foreach (var (entry, finding) in new[] { (Log.Line(6), "says that its place is 6, and its proof says 5"), (changed, "is not shown to be at index 5 of the 13 entries") })
        {
            var file = _run.Write("entry", entry.ToJsonString());
            foreach (var proof in new[] { Log.Proof(5, withEntry: false), Log.Proof(5, withEntry: true), Log.JsonProof(5).ToJsonString() })
            {
                var (exitCode, output) = await _run.VerifyAsync(proof, "--entry", file);
                Assert.That(exitCode, Is.EqualTo(1));
                Assert.That(output, Does.Contain(finding));
            }
        }
    }

    [Test]
    public async Task RunAsync_AnyByteOfAProofChanged_IsNoticed([Values] bool asJson)
    {
        var log = new SampleLog(3);
        var text = Encoding.UTF8.GetBytes(asJson ? log.JsonProof(1).ToJsonString() : log.Proof(1, withEntry: true));
        var original = asJson ? JsonNode.Parse(text) : null;
        for (var place = 0; place < text.Length; place++)
        {
            for (var bit = 0; bit < 8; bit += 3)
            {
                var changed = text.ToArray();
                changed[place] ^= (byte)(1 << bit);
                var path = _run.Write("changed", "");
                await File.WriteAllBytesAsync(path, changed);
                var (exitCode, output) = await VerifyRun.RunAsync(path, "--vkey", Some.VerifierKey);

                // The salt proves nothing without the entry.
                if (exitCode == 0 && asJson && IsSameBesidesTheSalt(original!, JsonNode.Parse(changed)!)) continue;
                Assert.That(exitCode, Is.Not.Zero, $"byte {place}: {Encoding.UTF8.GetString(changed)}\n{output}");
            }
        }
    }

    [Test]
    public async Task RunAsync_SignedByOthersToo_SaysThatTheirsAreNotChecked()
    {
        var proof = Log.Proof(5, withEntry: true) + "\u2014 witness.example AAAAAAAAAAA=\n";

        var (exitCode, output) = await _run.VerifyAsync(proof);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("What others have signed: \"witness.example\". Their keys are not known here."));
    }

    [TestCase("log_index", "\"5\"", "has no log_index")]
    [TestCase("tree_size", "12", "has another tree_size than its checkpoint")]
    [TestCase("hashes", "[1]", "has no log_index, or hashes")]
    [TestCase("leaf", "\"logapi/v1\\n\"", "has no leaf")]
    [TestCase("checkpoint", "\"\"", "has no signed checkpoint")]
    [TestCase("verified", "true", "has a member \"verified\", which no proof has")]
    public async Task RunAsync_JsonProofOfAnotherForm_SaysWhatIsWrong(string member, string value, string finding)
    {
        var proof = Log.JsonProof(5);
        proof[member] = JsonNode.Parse(value);

        var (exitCode, output) = await _run.VerifyAsync(proof.ToJsonString());

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain(finding));
    }

    private static bool IsSameBesidesTheSalt(JsonNode one, JsonNode other)
    {
        var (left, right) = (one.DeepClone().AsObject(), other.AsObject());
        left.Remove("salt");
        right.Remove("salt");
        return JsonNode.DeepEquals(left, right);
    }
}
