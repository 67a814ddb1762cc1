using System.Xml.Linq;

namespace LogApi.Architecture.Tests;

/// <summary>What holds for the repository as a whole.</summary>
public sealed class RepositoryTests
{
    private static IEnumerable<string> Projects() => Layers.Files("src", "*.csproj").Concat(Layers.Files("tests", "*.csproj"));

    [Test]
    public void Projects_AreFound() => Assert.That(Projects(), Has.Member("src/LogApi.Domain/LogApi.Domain.csproj"));

    [TestCaseSource(nameof(Projects))]
    public void Project_IsInTheSolution(string project) =>
        Assert.That(Layers.Read("LogApi.sln").Replace('\\', '/'), Does.Contain($"\"{project}\""));

    [TestCaseSource(nameof(Projects))]
    public void Project_LeavesPackageVersionsToTheCentralFile(string project)
    {
        var references = XDocument.Parse(Layers.Read(project)).Descendants("PackageReference");
        Assert.That(references.Where(reference =>
            reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null), Is.Empty);
    }

    [TestCaseSource(nameof(Projects))]
    public void Project_HasALockFile(string project) =>
        Assert.That(File.Exists(Path.Combine(Layers.Repository, Path.GetDirectoryName(project)!, "packages.lock.json")), Is.True);

    [Test]
    public void CentralVersions_AreExactAndGivenOnce()
    {
        var versions = XDocument.Parse(Layers.Read("Directory.Packages.props")).Descendants("PackageVersion").ToList();
        Assert.That(versions.Select(version => version.Attribute("Include")!.Value), Is.Unique);
        Assert.That(versions.Select(version => version.Attribute("Version")!.Value), Has.All.Matches(@"^\d+(\.\d+)+(-[0-9A-Za-z.-]+)?$"));
    }

    [Test]
    public void TestProjects_MirrorTheLayers()
    {
        foreach (var layer in Layers.All)
            Assert.That(Projects(), Has.Member($"tests/{layer.GetName().Name}.Tests/{layer.GetName().Name}.Tests.csproj"));
    }
}
