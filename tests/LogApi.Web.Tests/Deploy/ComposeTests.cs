using LogApi.Web.Configuration;
using YamlDotNet.RepresentationModel;

namespace LogApi.Web.Tests.Deploy;

/// <summary>Holds deploy/docker-compose.yml and deploy/.env.example against the usage guide, the program and the other files.</summary>
public sealed class ComposeTests
{
    private static readonly YamlMappingNode Compose = Load();
    private static readonly YamlMappingNode Service = Map(Map(Compose, "services"), "log_api");
    private static readonly YamlMappingNode Redis = Map(Map(Compose, "services"), "redis");

    [Test]
    public void Services_Names_AreThoseOfTheUsageGuide() =>
        Assert.That(Map(Compose, "services").Children.Keys.Select(Text), Is.EquivalentTo(["log_api", "redis"]));

    [Test]
    public void Service_Port_IsTheOneTheImageListensOn() => Assert.That(List(Service, "ports"), Is.EqualTo(["8001:8001"]));

    [Test]
    public void Service_Build_NamesAFileAndAFolderThatExist()
    {
        var build = Map(Service, "build");
        var context = Path.GetFullPath(Path.Combine(OperatorFiles.PathOf("deploy"), Text(build["context"])));
        Assert.That(context, Is.EqualTo(Path.GetFullPath(OperatorFiles.PathOf(""))));
        Assert.That(File.Exists(Path.Combine(context, Text(build["dockerfile"]))), Is.True);
    }

    [Test]
    public void Service_Environment_HoldsSettingsOfTheProgramOnly()
    {
        var names = Map(Service, "environment").Children.Keys.Select(Text).ToList();
        Assert.That(names, Is.SubsetOf(OperatorFiles.SettingNames));
        Assert.That(names, Is.SupersetOf(new[] { "REDIS_URL", "JWT_SECRET_KEY", "ACCESS_TOKEN_EXPIRE_MINUTES" }));
    }

    [Test]
    public void Service_Secret_IsRequiredAndHasNoDefault() =>
        Assert.That(Text(Map(Service, "environment")["JWT_SECRET_KEY"]), Does.StartWith("${JWT_SECRET_KEY:?").And.EndsWith("}"));

    [Test]
    public void Service_SigningKey_HasNoDefaultAndCanBeMadeBeforeThereIsOne() =>
        Assert.That(Text(Map(Service, "environment")["LOG_SIGNING_KEY"]), Is.EqualTo("${LOG_SIGNING_KEY:-}"));

    [Test]
    public void Service_Data_IsOnANamedVolumeAtTheImagesDataFolder()
    {
        Assert.That(OperatorFiles.Read("deploy/Dockerfile"), Does.Contain("DATA_DIR=/data"));
        var data = List(Service, "volumes").Select(mount => mount.Split(':')).Single(mount => mount[1] == "/data");
        Assert.That(Map(Compose, "volumes").Children.Keys.Select(Text), Has.Member(data[0]));
    }

    [Test]
    public void Service_Defaults_AreThoseOfTheProgram()
    {
        var lifetime = SettingsCatalog.All.Single(setting => setting.Name == "ACCESS_TOKEN_EXPIRE_MINUTES").Default;
        Assert.That(
            Text(Map(Service, "environment")["ACCESS_TOKEN_EXPIRE_MINUTES"]), Is.EqualTo($"${{ACCESS_TOKEN_EXPIRE_MINUTES:-{lifetime}}}"));
        Assert.That(Text(Map(Service, "environment")["REDIS_URL"]), Is.EqualTo("${REDIS_URL:-redis://redis:6379}"));
    }

    [Test]
    public void Service_Start_WaitsUntilRedisIsHealthy() =>
        Assert.That(Text(Map(Map(Service, "depends_on"), "redis")["condition"]), Is.EqualTo("service_healthy"));

    [Test]
    public void Redis_Image_IsVersion7() => Assert.That(Text(Redis["image"]), Does.Match("^redis:7([.-]|$)"));

    [Test]
    public void Redis_Configuration_IsTheMountedFile()
    {
        var mounts = List(Redis, "volumes").Select(mount => mount.Split(':')).ToList();
        var file = mounts.Single(mount => mount[0].StartsWith("./", StringComparison.Ordinal));
        Assert.That(File.Exists(Path.Combine(OperatorFiles.PathOf("deploy"), file[0])), Is.True);
        Assert.That(List(Redis, "command"), Is.EqualTo(["redis-server", file[1]]));
        Assert.That(file, Has.Length.EqualTo(3).And.ItemAt(2).EqualTo("ro"));
    }

    [Test]
    public void Redis_Data_IsOnANamedVolume()
    {
        var data = List(Redis, "volumes").Select(mount => mount.Split(':')).Single(mount => mount[1] == "/data");
        Assert.That(Map(Compose, "volumes").Children.Keys.Select(Text), Has.Member(data[0]));
    }

    [Test]
    public void Redis_Port_IsNotPublished() => Assert.That(Redis.Children.Keys.Select(Text), Has.None.EqualTo("ports"));

    [Test]
    public void Redis_HealthCheck_Pings() => Assert.That(List(Map(Redis, "healthcheck"), "test"), Has.One.Contains("redis-cli ping"));

    [Test]
    public void Services_Both_ComeBackByThemselves()
    {
        Assert.That(Text(Service["restart"]), Is.EqualTo("unless-stopped"));
        Assert.That(Text(Redis["restart"]), Is.EqualTo("unless-stopped"));
    }

    [Test]
    public void EnvExample_Names_AreSettingsThatComposePassesOn()
    {
        // Lines that are switched off count as well: somebody will switch them on.
        var names = OperatorFiles.ReadLines("deploy/.env.example")
            .Select(line => line.TrimStart('#'))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith(' '))
            .Select(line => line.Split('=')[0]).ToList();
        Assert.That(names, Is.Unique.And.SupersetOf(new[] { "JWT_SECRET_KEY", "REDIS_URL", "ACCESS_TOKEN_EXPIRE_MINUTES" }));
        Assert.That(names, Is.SubsetOf(OperatorFiles.SettingNames));
        Assert.That(names, Is.SubsetOf(Map(Service, "environment").Children.Keys.Select(Text)));
    }

    [Test]
    public void EnvExample_Secrets_AreEmptySoThatNobodyRunsWithASample() =>
        Assert.That(OperatorFiles.ReadLines("deploy/.env.example"), Has.Member("JWT_SECRET_KEY=").And.Member("LOG_SIGNING_KEY="));

    private static YamlMappingNode Load()
    {
        var yaml = new YamlStream();
        using var reader = new StringReader(OperatorFiles.Read("deploy/docker-compose.yml"));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string name) => (YamlMappingNode)node[name];

    private static IEnumerable<string> List(YamlMappingNode node, string name) => ((YamlSequenceNode)node[name]).Select(Text);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
