using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LogApi.Testing;

/// <summary>
/// A <c>redis-server</c> of its own for a test: a free port of 127.0.0.1, a new folder, an append-only file that is on disk
/// before a reply is sent. It ends with the test process, however that ends.
/// </summary>
public sealed class RedisServerProcess : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const int StartAttempts = 5;

    // The shell kills the server and removes its folder ($0) when this process's end of the pipe closes, which the system
    // sees to even after a SIGKILL. (The parent-death signal of Linux is no help: it is sent when the starting thread ends, and
    // pool threads do.) It keeps quiet then: a server that is killed on purpose is no news.
    private const string Guard = """
        exec 3<&0
        "$@" </dev/null >/dev/null & server=$!
        echo $server
        exec 2>/dev/null
        (read -r _ <&3; trap '' TERM; kill -KILL $server; rm -rf "$0") & watch=$!
        wait $server; code=$?
        kill $watch
        exit $code
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Lazy<string?> Executable = new(FindExecutable);

    private readonly TempDirectory _folder = new();
    private readonly IReadOnlyList<string> _arguments;
    private Process? _guard;
    private int _serverId;

    private RedisServerProcess(IReadOnlyList<string> arguments) => _arguments = arguments;

    /// <summary>Whether this machine has the program.</summary>
    public static bool IsAvailable => Executable.Value is not null;

    /// <summary>Why there is no server, for <c>Assert.Ignore</c>.</summary>
    public static string UnavailableReason => "redis-server is not installed (Debian: apt-get install redis-server)";

    /// <summary>The port it listens on, the same after a restart.</summary>
    public int Port { get; private set; } = FreePort.Next();

    /// <summary>Host and port, as StackExchange.Redis takes it.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The address as <c>REDIS_URL</c> takes it.</summary>
    public string Url => "redis://" + EndPoint;

    /// <summary>The id of the running server.</summary>
    public int ProcessId => _serverId;

    /// <summary>The folder with its data and its log.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="arguments">More arguments, such as <c>--maxmemory 100mb</c> in two; a later one wins over an earlier one.</param>
    /// <exception cref="InvalidOperationException">The program is missing, or does not come up; with its log.</exception>
    public static async Task<RedisServerProcess> StartAsync(params string[] arguments)
    {
        var server = new RedisServerProcess(arguments);
        try
        {
            await server.LaunchAsync(newPortAllowed: true);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same port and data.</summary>
    public Task RestartAsync() => LaunchAsync(newPortAllowed: false);

    /// <summary>Lets it end in order (SIGTERM).</summary>
    public async Task StopAsync()
    {
        ChildSignal.SendTerminate(_serverId);
        await WaitForEndAsync();
    }

    /// <summary>Ends it at once (SIGKILL), as a crash would.</summary>
    public async Task KillAsync()
    {
        ChildSignal.SendKill(_serverId);
        await WaitForEndAsync();
    }

    /// <summary>Makes it hang (SIGSTOP): connections stay open, nothing is answered.</summary>
    public void Pause() => ChildSignal.SendStop(_serverId);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Resume() => ChildSignal.SendContinue(_serverId);

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null) await KillAsync();
        await _folder.DisposeAsync();
    }

    private static string? FindExecutable() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append("/usr/bin")
        .Select(folder => Path.Combine(folder, Program))
        .FirstOrDefault(File.Exists);

    private async Task LaunchAsync(bool newPortAllowed)
    {
        if (Executable.Value is not { } program) throw new InvalidOperationException(UnavailableReason);
        if (_guard is not null) throw new InvalidOperationException("The server is running.");
        for (var attempt = 1; ; attempt++)
        {
            await LaunchOnceAsync(program);
            if (await AnswersBeforeItEndsAsync()) return;

            // Somebody else may have taken the port in the meantime.
            var log = await File.ReadAllTextAsync(_folder.Combine("redis.log"));
            if (_guard is not null) await KillAsync();
            if (!newPortAllowed || attempt == StartAttempts || !log.Contains("bind", StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException("redis-server did not come up: " + log);
            Port = FreePort.Next();
        }
    }

    private async Task LaunchOnceAsync(string program)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        string[] command =
        [
            "-c", Guard, _folder.Path, program,
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.Path,
            "--logfile", _folder.Combine("redis.log"), "--save", "", "--appendonly", "yes", "--appendfsync", "always",
        ];
        foreach (var argument in command.Concat(_arguments)) start.ArgumentList.Add(argument);
        _guard = Process.Start(start)!;
        var id = await _guard.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        _serverId = int.Parse(id!, CultureInfo.InvariantCulture);
    }

    private async Task<bool> AnswersBeforeItEndsAsync()
    {
        var answered = false;
        await Eventually.BecomesTrueAsync(
            async () => (answered = await AnswersAsync()) || _guard!.HasExited, Patience, "redis-server answers");
        if (!answered) await WaitForEndAsync();
        return answered;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port).WaitAsync(Patience);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var reply = new byte[64];
            var length = await stream.ReadAsync(reply).AsTask().WaitAsync(Patience);

            // With a password the answer is -NOAUTH; while it reads its data it is -LOADING.
            return length > 0 && !reply.AsSpan(0, length).StartsWith("-LOADING"u8);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }

    private async Task WaitForEndAsync()
    {
        var guard = _guard ?? throw new InvalidOperationException("The server is not running.");
        using var bound = new CancellationTokenSource(Patience);
        await guard.WaitForExitAsync(bound.Token);
        guard.Dispose();
        _guard = null;
    }
}
