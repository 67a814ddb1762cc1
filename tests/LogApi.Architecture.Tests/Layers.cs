using System.Reflection;

namespace LogApi.Architecture.Tests;

/// <summary>The four layers as they were built, and the repository they come from.</summary>
internal static class Layers
{
    public static readonly Assembly Domain = typeof(LogApi.Domain.Entries.LogEntry).Assembly;
    public static readonly Assembly Application = typeof(LogApi.Application.DependencyInjection).Assembly;
    public static readonly Assembly Infrastructure = typeof(LogApi.Infrastructure.DependencyInjection).Assembly;
    public static readonly Assembly Web = typeof(Program).Assembly;

    public static readonly Assembly[] All = [Domain, Application, Infrastructure, Web];

    /// <summary>The types of all layers with what they use.</summary>
    public static readonly ArchUnitNET.Domain.Architecture Code = new ArchUnitNET.Loader.ArchLoader().LoadAssemblies(All).Build();

    /// <summary>The folder that holds the solution.</summary>
    public static readonly string Repository = FindRepository();

    /// <summary>The assemblies that <paramref name="layer"/> was compiled against and uses, by name.</summary>
    public static IReadOnlyList<string> ReferencesOf(Assembly layer) =>
        [.. layer.GetReferencedAssemblies().Select(reference => reference.Name!).Order(StringComparer.Ordinal)];

    /// <summary>The types that are written in source files, without what the compiler makes.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly layer) =>
        layer.GetTypes().Where(type =>
            type.Namespace?.StartsWith("LogApi", StringComparison.Ordinal) == true
            && !type.Name.Contains('<', StringComparison.Ordinal)
            && !IsGenerated(type));

    /// <summary>The source files of the product, by path from the repository's folder.</summary>
    public static IEnumerable<string> Sources() =>
        Files("src", "*.cs");

    /// <summary>Files below a folder of the repository, without build output, by path from the repository's folder.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Repository, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "artifacts"))
            .Order(StringComparer.Ordinal);

    /// <summary>The text of a file of the repository.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Repository, file));

    private static bool IsGenerated(Type? type) =>
        type is not null
        && (type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is not null
            || type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is not null
            || IsGenerated(type.DeclaringType));

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LogApi.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside the repository: LogApi.sln is in no folder above.");
    }
}
