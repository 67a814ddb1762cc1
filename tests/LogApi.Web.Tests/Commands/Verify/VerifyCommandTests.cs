using LogApi.Testing;

namespace LogApi.Web.Tests.Commands.Verify;

public sealed class VerifyCommandTests
{
    [TestCase("Name one FILE")]
    [TestCase("Name one FILE", "a", "b", "--vkey", Some.VerifierKey)]
    [TestCase("--vkey is required", "a")]
    [TestCase("--vkey needs a value", "a", "--vkey")]
    [TestCase("--vkey is given twice", "a", "--vkey", Some.VerifierKey, "--vkey", Some.VerifierKey)]
    [TestCase("--vkey is no verifier key", "a", "--vkey", "logs.example.org/audit")]
    [TestCase("--secret is no option", "a", "--secret", "b")]
    [TestCase("--consistency needs --checkpoint", "a", "--vkey", Some.VerifierKey, "--consistency", "b")]
    public async Task RunAsync_WrongArguments_SaysWhatIsWrongAndHowItIsUsed(string problem, params string[] arguments)
    {
        var (exitCode, output) = await VerifyRun.RunAsync(arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.StartWith(problem).And.Contain("usage: verify FILE --vkey VKEY"));
    }

    [Test]
    public async Task RunAsync_Help_IsTheUsage()
    {
        var (exitCode, output) = await VerifyRun.RunAsync("--help");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.StartWith("usage: verify"));
    }

    [Test]
    public async Task RunAsync_NoSuchFile_SaysSo()
    {
        var (exitCode, output) = await VerifyRun.RunAsync("no-such-file", "--vkey", Some.VerifierKey);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain("no-such-file"));
    }

    [Test]
    [Platform("Linux")]
    public async Task RunAsync_FileIsAPipe_CannotBeCarriedOut()
    {
        var (exitCode, output) = await VerifyRun.ThroughPipeAsync(
            SampleLog.Text(new SampleLog(2).Export([0])), pipe => VerifyRun.RunAsync(pipe, "--vkey", Some.VerifierKey));

        Assert.That(exitCode, Is.EqualTo(2), output);
        Assert.That(output, Does.Contain("can be read only once"));
    }

    [Test]
    [Platform("Linux")]
    public async Task RunAsync_CheckpointIsAPipe_IsRead()
    {
        using var run = new VerifyRun();
        var log = new SampleLog(2);

        var (exitCode, output) = await VerifyRun.ThroughPipeAsync(
            log.Checkpoint(), pipe => run.VerifyAsync(SampleLog.Text(log.Export([0])), "--checkpoint", pipe));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("is of the same tree"));
    }

    [TestCase("")]
    [TestCase("seq,id,user_id\r\n0,x,y\r\n")]
    [TestCase("{\"items\":[]}")]
    public async Task RunAsync_AnotherKindOfFile_CannotBeCarriedOut(string text)
    {
        using var run = new VerifyRun();

        var (exitCode, output) = await run.VerifyAsync(text);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain("is neither an NDJSON export nor a proof"));
    }

    [Test]
    public async Task RunAsync_EntryBesideAnExport_CannotBeCarriedOut()
    {
        using var run = new VerifyRun();
        var log = new SampleLog(2);

        var (exitCode, output) = await run.VerifyAsync(SampleLog.Text(log.Export([0])), "--entry", run.Write("entry", "{}"));

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain("FILE is an export"));
    }
}
