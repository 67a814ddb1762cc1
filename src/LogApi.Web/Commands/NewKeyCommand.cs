using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Signing;
using LogApi.Web.Configuration;

namespace LogApi.Web.Commands;

/// <summary>
/// <c>new-key NAME [FILE]</c>: makes the key that a log's checkpoints are signed with. Without a file the key itself is printed,
/// for <c>LOG_SIGNING_KEY</c>; with one it is kept there and the public key is printed.
/// </summary>
internal static class NewKeyCommand
{
    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 0 when the key was made, 1 when it can't be kept, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments is not ([_] or [_, _]))
        {
            await output.WriteLineAsync("usage: new-key NAME [FILE], NAME such as logs.example.org/audit");
            return 2;
        }

        if (NoteKey.CheckName(arguments[0]) is { } problem)
        {
            await output.WriteLineAsync($"NAME {problem}.");
            return 2;
        }

        var text = CheckpointSigner.Generate(arguments[0]);
        if (arguments is [_, var path]) return await KeepAsync(path, text, output);
        await output.WriteLineAsync(text);
        return 0;
    }

    private static async Task<int> KeepAsync(string path, string text, TextWriter output)
    {
        try
        {
            if (!PrivateFile.TryCreate(path, text + "\n"))
            {
                await output.WriteLineAsync($"{path} is there already, and is left as it is.");
                return 1;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} can't be written: {fault.Message}");
            return 1;
        }

        if (!CheckpointSigner.TryCreate(text, out var signer, out var problem)) throw new InvalidOperationException($"The new key {problem}.");
        using (signer) await output.WriteLineAsync(signer.Key.ToString());
        return 0;
    }
}
