namespace LogApi.Benchmarks.Processes;

/// <summary>Finds what was built beside this program.</summary>
internal static class BuildOutput
{
    private const string Solution = "LogApi.sln";
    private static readonly string Project = Path.Combine("src", "LogApi.Web");

    /// <summary>Gives the path of the service's program, built for Release.</summary>
    /// <exception cref="UsageException">This program was not built for Release, or away from the source.</exception>
    public static string FindWebServer()
    {
#if DEBUG
        throw new UsageException("Figures of a Debug build mean nothing: run with '-c Release'.");
#else
        var program = FindSource(Path.Combine(Project, "bin", "Release", "net10.0", "LogApi.Web.dll"));
        return File.Exists(program) ? program : throw new UsageException($"There is no {program}; build it with '-c Release'.");
#endif
    }

    /// <summary>Gives the path of a file of the repository that this program was built in.</summary>
    public static string FindSource(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? "", path);
    }
}
