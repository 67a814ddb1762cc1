using System.Diagnostics;
using System.Reflection;
using LogApi.Testing;

namespace LogApi.Web.Tests.OpenApi;

public sealed class GeneratedClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Client_MadeByNSwag_Compiles()
    {
        await using var folder = new TempDirectory();
        var client = folder.Combine("Client.cs");

        await RunAsync(
            Tool("NSwag"), "openapi2csclient", "/input:" + Repository.Combine("docs", "openapi.json"), "/output:" + client,
            "/namespace:Generated", "/className:LogApiClient", "/JsonLibrary:SystemTextJson", "/GenerateNullableReferenceTypes:true");
        var code = await File.ReadAllTextAsync(client);
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Select(path => "-reference:" + path);
        await RunAsync(
            Tool("Compiler"),
            [
                "-nologo", "-target:library", "-noconfig", "-nostdlib", "-nullable:enable", "-out:" + folder.Combine("Client.dll"),
                .. references, client,
            ]);

        Assert.That(code, Does.Match(@"Task<LogEntryResponse> CreateLogAsync\(.*CreateLogRequest body")
            .And.Match(@"Task<BatchResponse> CreateLogsAsync\(.*IEnumerable<CreateLogRequest> body")
            .And.Contain("public long Seq { get; set; }")
            .And.Contain("public string? Verification_token { get; set; }")
            .And.Contain("public VerificationResponse Verification { get; set; }")
            .And.Contain("ApiException<Problem>"));
        Assert.That(File.Exists(folder.Combine("Client.dll")), Is.True);
    }

    private static string Tool(string name) => typeof(GeneratedClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == name).Value!;

    private static async Task RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        start.ArgumentList.Add(tool);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            using var bound = new CancellationTokenSource(Patience);
            var output = await process.StandardOutput.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            Assert.That(process.ExitCode, Is.Zero, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
