using LogApi.Testing;
using LogApi.Web.Configuration;
using Microsoft.Extensions.Configuration;

namespace LogApi.Web.Tests.Configuration;

public sealed class DotEnvFileTests
{
    [Test]
    public async Task Add_FileThere_StandsBetweenAppSettingsAndTheEnvironment()
    {
        await using var folder = new TempDirectory();
        var path = folder.Combine(".env");
        await File.WriteAllTextAsync(path, """
            # a comment
            DOTENV_TEST_FILE=file
            DOTENV_TEST_BOTH="file"
            Section__Name=nested
            """);
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DOTENV_TEST_FILE"] = "appsettings",
            ["DOTENV_TEST_APP"] = "appsettings",
        });
        Environment.SetEnvironmentVariable("DOTENV_TEST_BOTH", "environment");
        configuration.AddEnvironmentVariables();

        DotEnvFile.Add(configuration, path);

        Assert.Multiple(() =>
        {
            Assert.That(configuration["DOTENV_TEST_APP"], Is.EqualTo("appsettings"));
            Assert.That(configuration["DOTENV_TEST_FILE"], Is.EqualTo("file"));
            Assert.That(configuration["DOTENV_TEST_BOTH"], Is.EqualTo("environment"));
            Assert.That(configuration["Section:Name"], Is.EqualTo("nested"));
        });
    }

    [Test]
    public void Add_NoFile_ChangesNothing()
    {
        using var configuration = new ConfigurationManager();
        var before = configuration.Sources.Count;

        DotEnvFile.Add(configuration, "/nowhere/.env");

        Assert.That(configuration.Sources, Has.Count.EqualTo(before));
    }
}
