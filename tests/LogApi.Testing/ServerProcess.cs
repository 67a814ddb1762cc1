using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LogApi.Testing;

/// <summary>The built service as a process of its own, started as a user starts it, on a free port of 127.0.0.1.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // More than a start takes while other tests and their servers share the processors.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _output = new();
    private readonly TempDirectory _ownFolder = new();
    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = Patience };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>A client without a session.</summary>
    public HttpClient Client { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => Client.BaseAddress!;

    /// <summary>What it has printed so far, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts the service and waits until it is ready to store entries.</summary>
    /// <param name="settings">Its settings, by name. Without <c>REDIS_URL</c> it uses the embedded store.</param>
    public static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var server = Launch(settings ?? new Dictionary<string, string>());
        try
        {
            await Eventually.BecomesTrueAsync(server.IsReadyAsync, Patience, "the server is ready");
            return server;
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not become ready: {failure.Message}\n{server.Output}", failure);
        }
    }

    /// <summary>Starts the service and waits for nothing.</summary>
    /// <param name="settings">Its settings, by name; <c>DATA_DIR</c> is a new folder unless given.</param>
    /// <param name="arguments">Command line arguments, in place of the address.</param>
    public static ServerProcess Launch(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var port = settings.TryGetValue("PORT", out var given) ? int.Parse(given, CultureInfo.InvariantCulture) : FreePort.Next();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var process = new Process { StartInfo = Describe(arguments.Length > 0 ? arguments : ["--urls", address.OriginalString]) };
        var server = new ServerProcess(process, address);
        process.StartInfo.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        process.StartInfo.Environment["DATA_DIR"] = server._ownFolder.Path;
        process.StartInfo.WorkingDirectory = server._ownFolder.Path;

        // A server that lives for seconds gains nothing from code that is compiled a second time: a fifth of its processor time.
        process.StartInfo.Environment["DOTNET_TieredPGO"] = "0";
        process.StartInfo.Environment["DOTNET_TC_CallCountingDelayMs"] = "10000";
        foreach (var (name, value) in settings.Where(setting => setting.Key != "PORT")) process.StartInfo.Environment[name] = value;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Logs in and gives a client that holds the session.</summary>
    public async Task<HttpClient> LoginAsync(string userId)
    {
        using var response = await Client.PostAsJsonAsync("/api/v1/login", new { user_id = userId });
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var client = new HttpClient { BaseAddress = Address, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString());
        return client;
    }

    /// <summary>Whether it says that it can store entries; false while it does not answer.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode}.");
        try
        {
            using var response = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ends it at once (SIGKILL), as a crash would.</summary>
    public async Task KillAsync()
    {
        ChildSignal.SendKill(_process.Id);
        await WaitForEndAsync();
    }

    /// <summary>Makes it sleep (SIGSTOP).</summary>
    public void Pause() => ChildSignal.SendStop(_process.Id);

    /// <summary>Wakes it up (SIGCONT).</summary>
    public void Resume() => ChildSignal.SendContinue(_process.Id);

    /// <summary>Ends it as Ctrl-C does (SIGINT), and gives its exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        ChildSignal.SendInterrupt(_process.Id);
        return await WaitForEndAsync();
    }

    /// <summary>Ends it as a service manager does (SIGTERM), and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        ChildSignal.SendTerminate(_process.Id);
        return await WaitForEndAsync();
    }

    /// <summary>Waits until it has ended by itself, and gives its exit code.</summary>
    public async Task<int> WaitForEndAsync()
    {
        using var bound = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
        Client.Dispose();
        await _ownFolder.DisposeAsync();
    }

    private static ProcessStartInfo Describe(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Repository.WebProgram);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private void Keep(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }
}
