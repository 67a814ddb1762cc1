using dotenv.net;
using LogApi.Application.Common.Errors;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace LogApi.Web.Configuration;

/// <summary>Settings from a <c>.env</c> file in the working folder: above <c>appsettings.json</c>, below the environment.</summary>
internal static class DotEnvFile
{
    /// <summary>Adds the file at <paramref name="path"/>, if there is one.</summary>
    /// <exception cref="StartRefusedException">The file can't be read.</exception>
    public static void Add(ConfigurationManager configuration, string path)
    {
        if (!File.Exists(path)) return;
        var source = new MemoryConfigurationSource { InitialData = Read(path) };
        var environment = configuration.Sources
            .Select((existing, place) => (existing, place))
            .Where(found => found.existing is EnvironmentVariablesConfigurationSource { Prefix: null or "" })
            .Select(found => found.place)
            .DefaultIfEmpty(configuration.Sources.Count)
            .Last();
        configuration.Sources.Insert(environment, source);
    }

    private static List<KeyValuePair<string, string?>> Read(string path)
    {
        try
        {
            // Two underscores stand for a section, as in an environment variable.
            return DotEnv.Read(new DotEnvOptions(ignoreExceptions: false, envFilePaths: [path]))
                .Select(line => KeyValuePair.Create(line.Key.Replace("__", ":", StringComparison.Ordinal), (string?)line.Value))
                .ToList();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new StartRefusedException($"{path} can't be read as a .env file ({fault.GetType().Name}); it takes lines of NAME=value.", fault);
        }
    }
}
