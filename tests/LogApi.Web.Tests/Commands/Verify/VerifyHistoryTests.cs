using System.Text.Json;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using LogApi.Web.Commands.Verify;

namespace LogApi.Web.Tests.Commands.Verify;

/// <summary>The checkpoint of a file against one from another time.</summary>
public sealed class VerifyHistoryTests
{
    private static readonly SampleLog Log = new(13);
    private static readonly SampleLog Fork = new(13, user: "eve");

    private VerifyRun _run;

    private static IEnumerable<string> KnownCheckpoints =>
        JsonDocument.Parse(File.ReadAllBytes(Repository.Combine("tests", "vectors", "tlog.json")))
            .RootElement.GetProperty("checkpoints").EnumerateObject().Select(note => note.Value.GetString()!);

    [SetUp]
    public void MakeFolder() => _run = new VerifyRun();

    [TearDown]
    public void RemoveFolder() => _run.Dispose();

    [TestCaseSource(nameof(KnownCheckpoints))]
    public void TryOpen_KnownCheckpoint_IsTheLogs(string text)
    {
        Assert.That(SignedNote.TryParse(text, out var note), Is.True);

        Assert.That(SignedCheckpoint.TryOpen(note!, SampleLog.Signer.Key, out var checkpoint, out var problem), Is.True, problem);
        Assert.That(text, Does.StartWith(checkpoint!.Text));
    }

    [Test]
    public async Task RunAsync_SameSizeAndRoot_IsTheSameTree()
    {
        var (exitCode, output) = await VerifyAsync(Log.Checkpoint());

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("is of the same tree."));
    }

    [Test]
    public async Task RunAsync_SameSizeAndAnotherRoot_IsTheEvidenceOfAFork()
    {
        var (exitCode, output) = await VerifyAsync(Fork.Checkpoint());

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("The log has signed two histories").And.Contain("Keep both files"));
    }

    [Test]
    public async Task RunAsync_OlderWithItsProof_IsOneHistory([Range(1, 12)] int size)
    {
        var (exitCode, output) = await VerifyAsync(Log.Checkpoint(size), Log.Consistency(size, 13));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"({size} in ").And.Contain("are of one history: the larger tree begins with the whole smaller one"));
    }

    [Test]
    public async Task RunAsync_NewerWithItsProof_IsOneHistory()
    {
        var (exitCode, output) = await _run.VerifyAsync(
            SampleLog.Text([Log.Line(2, size: 9), Log.End(1, checkpoint: Log.Checkpoint(9))]),
            "--checkpoint", _run.Write("new", Log.Checkpoint()), "--consistency", _run.Write("proof", Log.Consistency(9, 13)));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("are of one history"));
    }

    [Test]
    public async Task RunAsync_OlderOfAForkWithEitherProof_IsFound()
    {
        foreach (var proof in new[] { Log.Consistency(8, 13), Fork.Consistency(8, 13) })
        {
            var (exitCode, output) = await VerifyAsync(Fork.Checkpoint(8), proof);

            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(output, Does.Contain("does not show that both checkpoints"));
        }
    }

    [Test]
    public async Task RunAsync_OlderWithoutAProof_SaysWhatItTakes()
    {
        var (exitCode, output) = await VerifyAsync(Log.Checkpoint(8));

        Assert.That(exitCode, Is.EqualTo(3), output);
        Assert.That(output, Does.EndWith("nothing shows that the log is the one of --checkpoint.\n"));
        Assert.That(output, Does.Contain("GET /api/v1/transparency/consistency?from=8&to=13"));
    }

    [Test]
    public async Task RunAsync_OlderWithoutAProofAndSomethingWrong_EndsWithOne()
    {
        var lines = Log.Export([2, 3]);
        lines[0]["query"] = "SELECT 9";

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(lines), "--checkpoint", _run.Write("old", Log.Checkpoint(8)));

        Assert.That(exitCode, Is.EqualTo(1), output);
    }

    [Test]
    public async Task RunAsync_ProofOfOtherSizes_IsFound()
    {
        var (exitCode, output) = await VerifyAsync(Log.Checkpoint(8), Log.Consistency(7, 13));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("is for the sizes 7 and 13; it must be for 8 and 13"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task RunAsync_AllEntriesAndAnOlderCheckpoint_NeedsNoProof(bool isOfTheLog)
    {
        var old = _run.Write("old", (isOfTheLog ? Log : Fork).Checkpoint(8));

        var (exitCode, output) = await _run.VerifyAsync(SampleLog.Text(Log.Export(Enumerable.Range(0, 13))), "--checkpoint", old);

        Assert.That(exitCode, Is.EqualTo(isOfTheLog ? 0 : 1), output);
        Assert.That(output, Does.Contain(isOfTheLog ? "the entries of the file give both roots" : "The log has signed two histories"));
    }

    [Test]
    public async Task RunAsync_CheckpointOfAnotherKey_IsFound()
    {
        var (exitCode, output) = await VerifyAsync(Log.Checkpoint(signer: SampleLog.OtherSigner));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("is not signed by logs.example.org/audit (key 7b8cc6b1)"));
    }

    [TestCase("no note", "{}", "is no signed checkpoint")]
    [TestCase("", "no proof", "is no consistency proof")]
    public async Task RunAsync_FilesThatAreNone_CannotBeCarriedOut(string checkpoint, string proof, string problem)
    {
        var (exitCode, output) = await VerifyAsync(checkpoint.Length > 0 ? checkpoint : Log.Checkpoint(), proof);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain(problem));
    }

    private Task<(int ExitCode, string Output)> VerifyAsync(string checkpoint, string? proof = null) => _run.VerifyAsync(
        SampleLog.Text(Log.Export([2, 3])),
        ["--checkpoint", _run.Write("old", checkpoint), .. proof is null ? (string[])[] : ["--consistency", _run.Write("proof", proof)]]);
}
