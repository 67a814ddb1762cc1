using LogApi.Testing;
using LogApi.Web.Configuration;

namespace LogApi.Web.Tests.Configuration;

public sealed class OperationsPageTests
{
    private static readonly string[] Rows = File.ReadAllLines(Repository.Combine("docs", "operations.md"));

    [Test]
    public void OperationsPage_EverySetting_HasARowWithDefaultAndRange()
    {
        var missing = SettingsCatalog.All.Select(RowOf).Where(start => !Rows.Any(row => row.StartsWith(start, StringComparison.Ordinal)));

        Assert.That(missing, Is.Empty, "rows that docs/operations.md lacks; each is followed by what the setting means");
    }

    [Test]
    public void OperationsPage_Rows_AreOfSettingsThatThereAre()
    {
        var named = Rows
            .SkipWhile(row => !row.StartsWith("| setting |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(row => row.StartsWith('|'))
            .Select(row => row.Split('`')[1])
            .ToList();

        Assert.That(named, Is.EquivalentTo(SettingsCatalog.All.Select(setting => setting.Name)));
    }

    private static string RowOf(Setting setting)
    {
        var initial = setting.Default.Length == 0 ? "none" : $"`{setting.Default}`";
        return $"| `{setting.Name}` | {initial} | {setting.Accepts} | ";
    }
}
