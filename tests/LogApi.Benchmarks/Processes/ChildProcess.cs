using System.Diagnostics;

namespace LogApi.Benchmarks.Processes;

/// <summary>A server that this program starts and ends; what it prints goes to a file, as under a service manager.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a program in a folder, with settings on top of this process's own environment.</summary>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string log, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The shell is gone at once (exec): it only connects the output to the file.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = folder };
        string[] shell = ["-c", """exec "$@" </dev/null >"$0" 2>&1""", log, program];
        foreach (var argument in shell.Concat(arguments)) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!, log);
    }

    /// <summary>Starts this program again in another mode.</summary>
    public static ChildProcess StartMode(string log, params IEnumerable<string> arguments) =>
        Start("dotnet", [typeof(ChildProcess).Assembly.Location, .. arguments], log, AppContext.BaseDirectory);

    /// <summary>The last lines that the process has printed, without stack traces.</summary>
    public string LastOutput()
    {
        const int Enough = 20;
        var lines = File.Exists(_log) ? File.ReadLines(_log).Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)) : [];
        return string.Join('\n', lines.TakeLast(Enough));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
