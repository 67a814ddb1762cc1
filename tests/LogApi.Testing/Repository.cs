namespace LogApi.Testing;

/// <summary>Finds files of the repository that the tests were built from, and what was built beside them.</summary>
public static class Repository
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The service's program, built in the configuration that this was built in.</summary>
    public static string WebProgram { get; } = Combine("src", "LogApi.Web", "bin", Configuration, "net10.0", "LogApi.Web.dll");

    /// <summary>Gives the path of a file or folder, from the repository's root.</summary>
    public static string Combine(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LogApi.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No LogApi.sln above {AppContext.BaseDirectory}.");
    }
}
