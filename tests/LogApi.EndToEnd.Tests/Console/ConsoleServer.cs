using LogApi.Testing;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>One server and one browser for all tests of the console, each started when it is first asked for.</summary>
[SetUpFixture]
internal sealed class ConsoleServer
{
    // Enough for a machine that builds meanwhile; a test that holds never waits for it.
    private const float PatienceMilliseconds = 15_000;

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static ServerProcess? _server;
    private static HeadlessBrowser? _browser;

    /// <summary>Gives the server, on the embedded store. Other tests write to it at the same time.</summary>
    public static async Task<ServerProcess> UseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            // It shares its processors with many tests and a browser.
            return _server ??= await ServerProcess.StartAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["STORE_TIMEOUT_MS"] = "30000" });
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Gives the browser.</summary>
    public static async Task<IBrowser> UseBrowserAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _browser ??= await HeadlessBrowser.StartAsync();
            Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
            return _browser.Browser;
        }
        finally
        {
            Gate.Release();
        }
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}
