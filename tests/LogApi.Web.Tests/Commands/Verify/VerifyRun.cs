using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using LogApi.Testing;
using LogApi.Web.Commands.Verify;

namespace LogApi.Web.Tests.Commands.Verify;

/// <summary>The command in a folder of its own.</summary>
internal sealed class VerifyRun : IDisposable
{
    private readonly TempDirectory _folder = new();

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.Combine(name), text);
        return _folder.Combine(name);
    }

    /// <summary>Verifies a text by the key of the known answers.</summary>
    public Task<(int ExitCode, string Output)> VerifyAsync(string text, params string[] options) =>
        RunAsync([Write("file", text), "--vkey", Some.VerifierKey, .. options]);

    /// <summary>Runs the command.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        return (await VerifyCommand.RunAsync(arguments, output, default), output.ToString());
    }

    /// <summary>Runs something with the path of a pipe that has a text in it, as a shell gives one for <c>&lt;(...)</c>.</summary>
    public static async Task<(int ExitCode, string Output)> ThroughPipeAsync(string text, Func<string, Task<(int ExitCode, string Output)>> run)
    {
        await using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        await writer.WriteAsync(Encoding.UTF8.GetBytes(text));
        await using var reader = File.OpenRead(PathOf(writer.ClientSafePipeHandle));
        await writer.DisposeAsync();
        return await run(PathOf(reader.SafeFileHandle));
    }

    public void Dispose() => _folder.Dispose();

    private static string PathOf(SafeHandle handle) => string.Create(CultureInfo.InvariantCulture, $"/dev/fd/{handle.DangerousGetHandle()}");
}
