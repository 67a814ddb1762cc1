using LogApi.Testing;
using LogApi.Web.Configuration;

namespace LogApi.Web.Tests.Configuration;

public sealed class OperationsPageTests
{
    // Every row of a table whose first cell is a setting's name: name, default, what is accepted, meaning.
    private static readonly Dictionary<string, string[]> Rows = File.ReadAllLines(Repository.Combine("docs", "operations.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .Where(cells => cells[0].Trim('`').All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_'))
        .ToDictionary(cells => cells[0].Trim('`'), StringComparer.Ordinal);

    [TestCaseSource(typeof(SettingsCatalog), nameof(SettingsCatalog.All))]
    public void OperationsPage_Setting_HasARowWithDefaultAndRange(object catalogued)
    {
        var setting = (Setting)catalogued;
        Assert.That(Rows, Contains.Key(setting.Name), $"| `{setting.Name}` | {setting.Default} | {setting.Accepts} | meaning |");
        var cells = Rows[setting.Name];
        Assert.Multiple(() =>
        {
            Assert.That(cells, Has.Length.EqualTo(4).And.All.Not.Empty);
            Assert.That(Plain(cells[1]), Is.EqualTo(setting.Default.Length == 0 ? "none" : setting.Default));
            if (setting.IsNumber) Assert.That(NumbersOf(cells[2]), Is.EqualTo(NumbersOf(setting.Accepts)));
        });
    }

    [Test]
    public void OperationsPage_Rows_AreOfSettingsThatThereAre()
    {
        Assert.That(Rows.Keys, Is.EquivalentTo(SettingsCatalog.All.Select(setting => setting.Name)));
    }

    private static string Plain(string cell) => string.Concat(cell.Where(letter => letter is not ('`' or ',' or '(' or ')')));

    private static List<string> NumbersOf(string cell) =>
        [.. Plain(cell).Split(' ').Where(word => long.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out _))];
}
