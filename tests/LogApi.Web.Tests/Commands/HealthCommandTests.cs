using LogApi.Testing;
using LogApi.Web.Commands;

namespace LogApi.Web.Tests.Commands;

public sealed class HealthCommandTests
{
    [Test]
    public async Task Run_ReadyService_IsZero()
    {
        await using var server = await GuideServer.StartAsync();
        var (code, output) = await RunAsync(server.Address);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("/health/ready: 200"));
    }

    [Test]
    public async Task Run_ServiceThatIsNotReady_IsOneAndSaysWhy()
    {
        await using var server = await GuideServer.StartAsync("not ready");
        var (code, output) = await RunAsync(server.Address);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("503").And.Contains("store_unavailable"));
    }

    [Test]
    public async Task Run_PathOfItsOwn_AsksForJustThat()
    {
        await using var server = await GuideServer.StartAsync("not ready");
        var (code, output) = await RunAsync(server.Address + "/health/live");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("/health/live: 200"));
    }

    [Test]
    public async Task Run_NobodyThere_IsOne()
    {
        var (code, output) = await RunAsync($"http://127.0.0.1:{FreePort.Next()}");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.Not.Empty);
    }

    [Test]
    public async Task Run_NoAddress_SaysHowItIsUsed()
    {
        var (code, output) = await RunAsync("localhost");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("usage: health [URL]"));
    }

    private static async Task<(int Code, string Output)> RunAsync(string address)
    {
        await using var output = new StringWriter();
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var code = await HealthCommand.RunAsync([address], output, TimeProvider.System, bound.Token);
        return (code, output.ToString());
    }
}
