namespace LogApi.Testing;

/// <summary>The source tree that this test was built from, and what was built beside it.</summary>
public static class Source
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration, <c>Debug</c> or <c>Release</c>, that this was built in.</summary>
    public static string BuildConfiguration => Configuration;

    /// <summary>The service's program, built in the same configuration.</summary>
    public static string WebProgram { get; } =
        Path.Combine(Root, "src", "LogApi.Web", "bin", Configuration, "net10.0", "LogApi.Web.dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LogApi.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run away from their source.");
    }
}
