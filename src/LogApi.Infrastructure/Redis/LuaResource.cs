namespace LogApi.Infrastructure.Redis;

/// <summary>Reads the scripts that are built into this assembly.</summary>
internal static class LuaResource
{
    public static string Read(string name)
    {
        using var stream = typeof(LuaResource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
