using System.Text.RegularExpressions;
using System.Xml.Linq;
using LogApi.Web.Commands;

namespace LogApi.Web.Tests.Deploy;

/// <summary>No Docker engine runs the tests, so what deploy/Dockerfile says is held against the repository and the program.</summary>
public sealed partial class DockerfileTests
{
    // Continued lines joined, comments left out.
    private static readonly string[] Instructions = Continued()
        .Replace(string.Join('\n', OperatorFiles.ReadLines("deploy/Dockerfile").Where(line => !line.TrimStart().StartsWith('#'))), " ")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] FinalStage = [.. Instructions.Skip(Array.FindLastIndex(Instructions, IsFrom))];

    [Test]
    public void Stages_Images_AreThoseOfTheTargetFramework()
    {
        var framework = XDocument.Parse(OperatorFiles.Read("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        var version = framework["net".Length..];
        Assert.That(Instructions.Where(IsFrom), Is.EqualTo(
            [$"FROM mcr.microsoft.com/dotnet/sdk:{version} AS build", $"FROM mcr.microsoft.com/dotnet/aspnet:{version}"]));
    }

    [Test]
    public void Restore_EveryProjectOfTheServer_IsCopiedWithItsLockFileBefore()
    {
        var restore = Array.FindIndex(Instructions, line => line.StartsWith("RUN dotnet restore", StringComparison.Ordinal));
        Assert.That(Instructions[restore], Does.Contain("--locked-mode"));
        var copied = Instructions.Take(restore).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(Sources).ToList();
        foreach (var project in ProjectsOf("src/LogApi.Web/LogApi.Web.csproj"))
        {
            Assert.That(copied, Has.Member(project));
            Assert.That(copied, Has.Member(Path.GetDirectoryName(project) + "/packages.lock.json"));
        }

        Assert.That(copied, Is.SupersetOf(new[] { "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig" }));
    }

    [Test]
    public void Copy_EverySource_ExistsAndIsNotKeptFromTheBuilder()
    {
        var sent = OperatorFiles.ReadLines(".dockerignore").Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var sources = Instructions
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(Sources).ToList();
        Assert.That(sources, Is.Not.Empty);
        foreach (var source in sources)
        {
            Assert.That(Path.Exists(OperatorFiles.PathOf(source)), Is.True, source);
            Assert.That(sent, Has.Member(source.Split('/')[0]), $".dockerignore keeps {source} from the builder");
        }

        Assert.That(OperatorFiles.ReadLines(".dockerignore"), Is.SupersetOf(new[] { "**/bin", "**/obj", "**/.env" }));
    }

    [Test]
    public void FinalStage_User_IsTheUnprivilegedOneToTheEnd() =>
        Assert.That(FinalStage.Where(line => line.StartsWith("USER ", StringComparison.Ordinal)), Is.EqualTo(["USER $APP_UID"]));

    [Test]
    public void FinalStage_Variables_AreSettingsOfTheProgram()
    {
        var names = Variable().Matches(FinalStage.Single(line => line.StartsWith("ENV ", StringComparison.Ordinal)))
            .Select(match => match.Groups["name"].Value).ToList();
        Assert.That(names, Has.Member("DATA_DIR"));
        Assert.That(names.Where(name => !name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)), Is.SubsetOf(OperatorFiles.SettingNames));
    }

    [Test]
    public void FinalStage_Port_IsTheServicesOwnEverywhere()
    {
        Assert.That(FinalStage, Has.Member("EXPOSE 8001"));
        Assert.That(FinalStage, Has.One.Contains("ASPNETCORE_URLS=http://+:8001"));
        Assert.That(FinalStage, Has.One.StartsWith("HEALTHCHECK").And.Contains(SubCommands.DefaultAddress));
    }

    [Test]
    public async Task FinalStage_HealthCheck_IsASubCommandOfTheProgramThatStarts()
    {
        var program = typeof(Program).Assembly.GetName().Name + ".dll";
        Assert.That(FinalStage, Has.Member($"ENTRYPOINT [\"dotnet\", \"{program}\"]"));
        var check = FinalStage.Single(line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal));
        Assert.That(check, Does.Contain($"CMD [\"dotnet\", \"{program}\", \"health\","));

        // The name is known: one wrong argument is answered, and not by starting a server.
        var known = await SubCommands.TryRunAsync(["health", "no address"], TextWriter.Null, TimeProvider.System, CancellationToken.None);
        Assert.That(known, Is.EqualTo(1));
    }

    private static bool IsFrom(string line) => line.StartsWith("FROM ", StringComparison.Ordinal);

    private static IEnumerable<string> Sources(string copy) =>
        copy.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).SkipLast(1)
            .Where(word => !word.StartsWith("--", StringComparison.Ordinal)).Select(word => word.TrimEnd('/'));

    private static HashSet<string> ProjectsOf(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { project };
        foreach (var reference in XDocument.Parse(OperatorFiles.Read(project)).Descendants("ProjectReference"))
        {
            var path = Path.Combine(OperatorFiles.PathOf(""), Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value);
            found.UnionWith(ProjectsOf(Path.GetRelativePath(OperatorFiles.PathOf(""), Path.GetFullPath(path)).Replace('\\', '/')));
        }

        return found;
    }

    [GeneratedRegex(@"\\\s*\n\s*", RegexOptions.None, 1000)]
    private static partial Regex Continued();

    [GeneratedRegex(@"(?<name>[A-Z_]+)=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
