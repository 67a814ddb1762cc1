using System.Diagnostics.CodeAnalysis;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Commands.Verify;

/// <summary>What the command is to check, and with what.</summary>
/// <param name="File">An export with proofs, or a proof.</param>
/// <param name="Key">The log's public key.</param>
internal sealed record VerifyArguments(string File, NoteKey Key)
{
    private static readonly string[] Names = ["--vkey", "--checkpoint", "--consistency", "--entry"];

    /// <summary>A file with a checkpoint of the same log that was kept from another time, or came from somebody else.</summary>
    public string? Checkpoint { get; private init; }

    /// <summary>A file with the proof that the larger of the two trees continues the smaller one.</summary>
    public string? Consistency { get; private init; }

    /// <summary>A file with the entry that a proof is of.</summary>
    public string? Entry { get; private init; }

    /// <summary>Reads the arguments, or says what is wrong with them.</summary>
    public static bool TryParse(
        IReadOnlyList<string> arguments, [NotNullWhen(true)] out VerifyArguments? parsed, [NotNullWhen(false)] out string? problem)
    {
        parsed = null;
        var files = new List<string>();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                files.Add(arguments[i]);
                continue;
            }

            problem = i + 1 == arguments.Count ? $"{arguments[i]} needs a value."
                : !Names.Contains(arguments[i], StringComparer.Ordinal) ? $"{arguments[i]} is no option."
                : !options.TryAdd(arguments[i], arguments[i + 1]) ? $"{arguments[i]} is given twice."
                : null;
            if (problem is not null) return false;
            i++;
        }

        NoteKey? key = null;
        problem = files.Count != 1 ? "Name one FILE to verify."
            : !options.TryGetValue("--vkey", out var vkey) ? "--vkey is required: the log's public key, from somebody other than whoever gave you the file."
            : !NoteKey.TryParse(vkey, out key) ? "--vkey is no verifier key: name+id+base64, as GET /api/v1/transparency gives it."
            : options.ContainsKey("--consistency") && !options.ContainsKey("--checkpoint") ? "--consistency needs --checkpoint."
            : null;
        if (problem is not null) return false;
        parsed = new VerifyArguments(files[0], key!)
        {
            Checkpoint = options.GetValueOrDefault("--checkpoint"),
            Consistency = options.GetValueOrDefault("--consistency"),
            Entry = options.GetValueOrDefault("--entry"),
        };
        return true;
    }
}
