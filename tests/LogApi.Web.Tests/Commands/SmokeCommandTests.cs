using LogApi.Testing;
using LogApi.Web.Commands;

namespace LogApi.Web.Tests.Commands;

public sealed class SmokeCommandTests
{
    [Test]
    public async Task Run_ServiceThatKeepsTheGuide_PassesEveryStepWithItsTime()
    {
        await using var server = await GuideServer.StartAsync();
        var (code, output) = await RunAsync(server.Address);
        Assert.That(output, Does.Not.Contain("FAIL"));
        Assert.That(code, Is.Zero);
        var steps = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList();
        Assert.That(steps, Has.Count.EqualTo(11).And.All.Match(@"^ok +\d+\.\d ms  \S"));
    }

    [TestCase("login is down", "log in", "expected 200 from POST /api/v1/login; got 503 {\"title\":\"down\"}")]
    [TestCase("login is a page", "log in", "expected JSON; got <html>")]
    [TestCase("query changed", "write 3 entries", "expected query SELECT 'smoke | test', 0; got {")]
    [TestCase("invalid", "verify", "expected valid true; got {\"log_id\"")]
    [TestCase("no token", "verify", "expected a verification_token of 64 digits")]
    [TestCase("other id", "verify", "expected log_id ")]
    [TestCase("no socket", "/ws/logs gives them as history", "404")]
    [TestCase("history untyped", "/ws/logs gives them as history", "expected a first message of type logs_response")]
    [TestCase("history oldest first", "/ws/logs gives them as history", "expected the entry with id ")]
    [TestCase("history short", "/ws/logs gives them as history", "expected 3 entries")]
    [TestCase("live changed", "/ws/logs gives those live", "expected the entry with status SUCCESS")]
    [TestCase("live twice", "/ws/logs gives those live", "expected the entry with id ")]
    [TestCase("live lost", "/ws/logs gives those live", "expected the entry with id ")]
    [TestCase("closed", "/ws/logs gives those live", "expected a message; got close NormalClosure over")]
    [TestCase("batch rejected", "at once", "expected \"accepted\":3,\"rejected\":0; got {\"accepted\":2")]
    [TestCase("batch twice", "at once", "expected the same answer again, {\"accepted\":3")]
    public async Task Run_BrokenPromise_EndsAtItsStepAndSaysWhatCame(string fault, string step, string message)
    {
        await using var server = await GuideServer.StartAsync(fault);
        var (code, output) = await RunAsync(server.Address);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(lines[^2], Does.StartWith("FAIL").And.Contains(step));
        Assert.That(lines[^1], Does.Contain(message));
        Assert.That(lines[..^2], Has.None.Contains("FAIL"));
    }

    [Test]
    public async Task Run_NobodyThere_FailsAtTheFirstStep()
    {
        var (code, output) = await RunAsync($"http://127.0.0.1:{FreePort.Next()}");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("FAIL").And.Contains("log in"));
    }

    [TestCase("no address")]
    [TestCase("ftp://localhost")]
    public async Task Run_NoAddress_SaysHowItIsUsed(string address)
    {
        var (code, output) = await RunAsync(address);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("usage: smoke [URL]"));
    }

    [Test]
    public async Task TryRun_OtherArguments_AreNotASubCommand()
    {
        foreach (var arguments in new string[][] { [], ["--urls", "http://localhost:1"], ["Smoke"] })
        {
            var code = await SubCommands.TryRunAsync(arguments, TextWriter.Null, TimeProvider.System, CancellationToken.None);
            Assert.That(code, Is.Null);
        }
    }

    [Test]
    public void ReadAddress_None_IsTheGuides() =>
        Assert.That(SubCommands.ReadAddress([]), Is.EqualTo(new Uri("http://localhost:8001")));

    private static async Task<(int Code, string Output)> RunAsync(string address)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var code = await SubCommands.TryRunAsync(["smoke", address], output, TimeProvider.System, bound.Token);
        return (code!.Value, output.ToString());
    }
}
