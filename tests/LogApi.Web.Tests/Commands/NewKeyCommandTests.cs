using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;
using LogApi.Web.Commands;

namespace LogApi.Web.Tests.Commands;

public sealed class NewKeyCommandTests
{
    [Test]
    public async Task RunAsync_Name_PrintsAKeyOfThatNameAndNothingElse()
    {
        var (exitCode, output) = await RunAsync("logs.example.org/audit");

        Assert.That(exitCode, Is.Zero);
        Assert.That(CheckpointSigner.TryCreate(output.TrimEnd('\n'), out var signer, out var problem), Is.True, problem);
        Assert.That(signer!.Key.Name, Is.EqualTo("logs.example.org/audit"));
    }

    [Test]
    public async Task RunAsync_File_KeepsTheKeyAndPrintsThePublicOneOnly()
    {
        await using var folder = new TempDirectory();
        var (exitCode, output) = await RunAsync("logs.example.org/audit", folder.Combine("key"));

        Assert.That(exitCode, Is.Zero);
        Assert.That(NoteKey.TryParse(output.TrimEnd('\n'), out var key), Is.True, output);
        var kept = await File.ReadAllTextAsync(folder.Combine("key"));
        Assert.That(CheckpointSigner.TryCreate(kept.TrimEnd('\n'), out var signer, out var problem), Is.True, problem);
        Assert.That(signer!.Key.ToString(), Is.EqualTo(key!.ToString()));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(folder.Combine("key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        var (again, _) = await RunAsync("logs.example.org/audit", folder.Combine("key"));
        Assert.That(again, Is.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(folder.Combine("key")), Is.EqualTo(kept));
    }

    [Test]
    public async Task RunAsync_FolderThatIsNotThere_SaysSo()
    {
        await using var folder = new TempDirectory();
        var (exitCode, output) = await RunAsync("logs.example.org/audit", Path.Combine(folder.Path, "no", "key"));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("can't be written"));
    }

    [TestCase("usage")]
    [TestCase("usage", "a", "b", "c")]
    [TestCase("NAME", "two words")]
    [TestCase("NAME", "a+b")]
    public async Task RunAsync_WrongArguments_EndsWithTwo(string expected, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.StartWith(expected));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        return (await NewKeyCommand.RunAsync(arguments, output), output.ToString());
    }
}
