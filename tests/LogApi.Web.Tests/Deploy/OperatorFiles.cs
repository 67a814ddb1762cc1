using LogApi.Testing;
using LogApi.Web.Configuration;

namespace LogApi.Web.Tests.Deploy;

/// <summary>The repository's files and the names of the program's settings, which the files for operators are held against.</summary>
internal static class OperatorFiles
{
    public static IEnumerable<string> SettingNames => SettingsCatalog.All.Select(setting => setting.Name);

    public static string PathOf(string file) => Repository.Combine(file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    public static string[] ReadLines(string file) => File.ReadAllLines(PathOf(file));
}
