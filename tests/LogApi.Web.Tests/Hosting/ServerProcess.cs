using System.Diagnostics;
using LogApi.Testing;

namespace LogApi.Web.Tests.Hosting;

/// <summary>The program as an operator starts it: a process of its own, in a folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _folder = new();

    /// <summary>The working folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Runs it to its end.</summary>
    /// <param name="environment">Variables; the process has no others of ASP.NET's or of the service's.</param>
    /// <param name="arguments">The command line.</param>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "LogApi.Web.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        try
        {
            using var bound = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static bool IsOurs(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase)
        || Web.Configuration.SettingsCatalog.All.Any(setting => setting.Name == name);
}
