using System.Diagnostics;

namespace LogApi.Benchmarks.Processes;

/// <summary>Runs this program in another mode, as a process of its own, to its end.</summary>
internal static class ModeRunner
{
    /// <summary>Gives the line that the process prints.</summary>
    /// <exception cref="InvalidOperationException">It failed; its words are on the error output.</exception>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ModeRunner).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim()
            : throw new InvalidOperationException($"'{start.ArgumentList[1]}' ended with {process.ExitCode}.");
    }
}
