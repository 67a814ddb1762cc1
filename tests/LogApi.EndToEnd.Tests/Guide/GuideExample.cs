using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Guide;

/// <summary>The examples of the usage guide, cut out of its text as they stand.</summary>
internal static class GuideExample
{
    private static readonly string[] Lines =
        File.ReadAllLines(Path.Combine(Repository.Root, "tests", "LogApi.EndToEnd.Tests", "Guide", "usage-guide.md"));

    /// <summary>The code of the given language under the given heading.</summary>
    public static string Find(string heading, string language)
    {
        var below = Lines.SkipWhile(line => !line.EndsWith(heading, StringComparison.Ordinal));
        var code = below.SkipWhile(line => line != "```" + language).Skip(1).TakeWhile(line => line != "```").ToList();
        return code.Count > 0
            ? string.Join('\n', code)
            : throw new InvalidOperationException($"The guide has no {language} under '{heading}'.");
    }
}
