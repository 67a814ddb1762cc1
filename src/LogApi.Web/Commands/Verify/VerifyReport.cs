using System.Globalization;

namespace LogApi.Web.Commands.Verify;

/// <summary>
/// What is found out: findings are printed as they come, the first of them at least; what is proven and what is not at the end.
/// </summary>
internal sealed class VerifyReport(TextWriter output)
{
    private const int MaxPrinted = 100;
    private const int MaxQuoted = 80;

    private readonly List<string> _proven = [];
    private readonly List<string> _unproven = [];
    private bool _isUnrelated;

    /// <summary>How many things are not as they should be.</summary>
    public long Findings { get; private set; }

    /// <summary>Shows text of a file: a terminal must not take any of it for a command.</summary>
    public static string Quote(string? text)
    {
        var shown = string.Concat((text ?? "").Take(MaxQuoted).Select(static letter => letter is < ' ' or > '~' ? '?' : letter));
        return text?.Length > MaxQuoted ? $"\"{shown}...\"" : $"\"{shown}\"";
    }

    /// <summary>Gives a number with its word.</summary>
    public static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary>Says what the file is.</summary>
    public Task BeginAsync(string text) => output.WriteLineAsync(text);

    /// <summary>Says that something is not as it should be.</summary>
    public async Task FindAsync(string text)
    {
        Findings++;
        if (Findings <= MaxPrinted) await output.WriteLineAsync("  WRONG  " + text);
        if (Findings == MaxPrinted) await output.WriteLineAsync("  Further findings are only counted.");
    }

    /// <summary>Says that something holds.</summary>
    public void Prove(string text) => _proven.Add(text);

    /// <summary>Says what cannot be told.</summary>
    public void Leave(string text) => _unproven.Add(text);

    /// <summary>Says that it can't be told whether the checkpoint that was given is of the same history: the question was asked.</summary>
    public void LeaveHistory(string text)
    {
        _isUnrelated = true;
        Leave(text);
    }

    /// <summary>Prints the rest and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await PrintAsync("Proven:", _proven.Count > 0 ? _proven : ["Nothing."]);
        if (_unproven.Count > 0) await PrintAsync("Not proven:", _unproven);
        await output.WriteLineAsync();
        if (Findings > 0)
        {
            await output.WriteLineAsync($"{Count(Findings, "thing is", "things are")} not as {(Findings == 1 ? "it" : "they")} should be.");
            return VerifyCommand.Fails;
        }

        await output.WriteLineAsync(_isUnrelated
            ? "All that can be proven holds, but nothing shows that the log is the one of --checkpoint."
            : "All that can be proven holds.");
        return _isUnrelated ? VerifyCommand.Unrelated : VerifyCommand.Holds;
    }

    private async Task PrintAsync(string title, List<string> lines)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync(title);
        foreach (var line in lines) await output.WriteLineAsync("  - " + line);
    }
}
