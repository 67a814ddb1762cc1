using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Hosting;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class CommandTests(StoreKind kind)
{
    [Test]
    public async Task Smoke_ServerRuns_ReportsEachStepAndEndsWithZero()
    {
        await using var service = await Service.StartAsync(kind);
        await using var smoke = ServerProcess.Launch(
            new Dictionary<string, string>(), "smoke", service.Server.Address.OriginalString);

        Assert.That(await smoke.WaitForEndAsync(), Is.Zero, smoke.Output);
        Assert.That(smoke.Output, Does.Contain("log in").And.Contain("verify"));
        Assert.That(smoke.Output, Does.Contain("/ws/logs").And.Contain("/ws/stream"));
    }

    [Test]
    public async Task Health_ServerRuns_EndsWithZero()
    {
        await using var service = await Service.StartAsync(kind);
        await using var health = ServerProcess.Launch(
            new Dictionary<string, string>(), "health", service.Server.Address.OriginalString);

        Assert.That(await health.WaitForEndAsync(), Is.Zero, health.Output);
    }
}

[Parallelizable(ParallelScope.All)]
public sealed class CommandWithoutServerTests
{
    [TestCase("smoke")]
    [TestCase("health")]
    public async Task Command_NoServer_EndsWithOneAndSaysWhy(string command)
    {
        await using var process = ServerProcess.Launch(
            new Dictionary<string, string>(), command, $"http://127.0.0.1:{FreePort.Next()}");

        Assert.That(await process.WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(process.Output.Trim(), Is.Not.Empty);
    }
}
