namespace LogApi.Testing;

/// <summary>A new folder that is deleted, with what is in it, when it is disposed of.</summary>
public sealed class TempDirectory : IAsyncDisposable, IDisposable
{
    /// <summary>Makes the folder.</summary>
    public TempDirectory() => Path = Directory.CreateTempSubdirectory("logapi-test-").FullName;

    /// <summary>Where the folder is.</summary>
    public string Path { get; }

    /// <summary>Gives the path of a file or folder in it.</summary>
    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
