using System.Globalization;

namespace LogApi.Benchmarks;

/// <summary>The options after the mode: <c>--name value</c>, in any order.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = [];

    private CommandLine()
    {
    }

    /// <exception cref="UsageException">An option is unknown or has no value.</exception>
    public static CommandLine Parse(IEnumerable<string> arguments, params ReadOnlySpan<string> known)
    {
        var parsed = new CommandLine();
        string? name = null;
        foreach (var argument in arguments)
        {
            if (name is not null)
            {
                parsed._values[name] = argument;
                name = null;
            }
            else
            {
                name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument;
                if (!known.Contains(name)) throw new UsageException($"Unknown option '{argument}'.");
            }
        }

        return name is null ? parsed : throw new UsageException($"Option '--{name}' needs a value.");
    }

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <exception cref="UsageException">The value is not a whole number from 0 on.</exception>
    public int Number(string name, int otherwise) =>
        !_values.TryGetValue(name, out var value) ? otherwise
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"Option '--{name}' needs a whole number, not '{value}'.");
}

/// <summary>The command line is not one that this program understands.</summary>
internal sealed class UsageException(string message) : Exception(message);
