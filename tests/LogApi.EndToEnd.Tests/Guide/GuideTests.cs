using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Guide;

/// <summary>
/// The usage guide's examples, word for word. They name the guide's own port, 8001, so these tests use it one after another.
/// </summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class GuideTests(StoreKind kind)
{
    private const string Python = "/usr/bin/python3";

    private static readonly SemaphoreSlim Port = new(1, 1);

    private Service _service = null!;

    [SetUp]
    public async Task StartServiceAsync()
    {
        await Port.WaitAsync();
        if (!IsFree(8001)) Assert.Ignore("port 8001, which the guide's examples name, is in use");
        _service = await Service.StartAsync(kind, ("PORT", "8001"), ("LIVE_HEARTBEAT_SECONDS", "1"));
    }

    [TearDown]
    public async Task StopServiceAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
        Port.Release();
    }

    [Test]
    public async Task PythonExample_WordForWord_LogsInWritesAndReceives()
    {
        if (!File.Exists(Python)) Assert.Ignore($"{Python} is not installed (Debian: python3, python3-requests, python3-websocket)");
        using var process = StartPython(GuideExample.Find("Example Integration", "python"));
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Eventually.BecomesTrueAsync(() => Text(output).Contains("logs_response", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
            using var other = await _service.Server.LoginAsync("somebody_else");
            await other.WriteAsync("SELECT 'live'");
            await Eventually.BecomesTrueAsync(() => Text(output).Contains("SELECT 'live'", StringComparison.Ordinal), TimeSpan.FromSeconds(20));

            Assert.That(Text(output), Does.Contain("Received: {'type': 'logs_response'"));
            Assert.That(Text(output), Does.Contain("'user_id': 'app_user'").And.Contain("SELECT COUNT(*) FROM orders"));
        }
        catch (TimeoutException)
        {
            if (Text(output).Contains("ModuleNotFoundError", StringComparison.Ordinal))
                Assert.Ignore("python3-requests or python3-websocket is not installed");
            Assert.Fail("The example did not receive what it should have: " + Text(output));
        }
        finally
        {
            process.Kill();
        }
    }

    [Test]
    public async Task JavaScriptLogsExample_WordForWord_ShowsHistoryLiveEntriesAndHeartbeats()
    {
        using var user = await _service.Server.LoginAsync("test_user");
        using var other = await _service.Server.LoginAsync("somebody_else");
        await user.WriteAsync("SELECT 'before'");
        await using var page = await BrowserPage.OpenAsync(_service.Server.Address);

        await page.RunAsync(GuideExample.Find("1. Live Log Streaming", "javascript"));
        await page.SaysAsync("Initial logs:", "SELECT 'before'");
        await other.WriteAsync("SELECT 'not mine'");
        await user.WriteAsync("SELECT 'after'");
        await page.SaysAsync("New log:", "SELECT 'after'");
        await page.SaysAsync("Heartbeat:", "1");

        Assert.That(page.Console, Has.None.Contains("not mine"));
    }

    [Test]
    public async Task JavaScriptStreamExample_WordForWord_ShowsLiveEntriesOnly()
    {
        using var user = await _service.Server.LoginAsync("test_user");
        await user.WriteAsync("SELECT 'before'");
        await using var page = await BrowserPage.OpenAsync(_service.Server.Address);

        await page.RunAsync(GuideExample.Find("2. Real-time Stream", "javascript"));
        await page.SaysAsync("Real-time update:", "heartbeat");
        await user.WriteAsync("SELECT 'after'");
        await page.SaysAsync("Real-time update:", "SELECT 'after'");

        Assert.That(page.Console, Has.None.Contains("before"));
    }

    private static Process StartPython(string code)
    {
        var start = new ProcessStartInfo(Python) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-u");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(code);
        return Process.Start(start)!;
    }

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output) output.AppendLine(line);
    }

    private static string Text(StringBuilder output)
    {
        lock (output) return output.ToString();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
