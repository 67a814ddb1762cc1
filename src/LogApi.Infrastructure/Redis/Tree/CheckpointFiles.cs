using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LogApi.Domain.Transparency;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// What this machine knows of a log's checkpoints, outside the store: <c>DATA_DIR/checkpoints/O</c>, the newest one that was seen
/// published, and <c>O.signed</c>, the newest one that was signed, which is written before it is published. O are 16 digits of the
/// SHA-256 of the origin. Each is a signed note as it is served. Processes that share the folder have files of their own, <c>O.2</c>
/// and so on, and read all of them.
/// </summary>
internal sealed class CheckpointFiles : IDisposable
{
    private const int MostProcesses = 64;
    private const string SignedEnd = ".signed";
    private const string LockEnd = ".lock";

    private readonly string _folder;
    private readonly string _name;
    private readonly FileStream _lock;
    private readonly string _own;

    /// <exception cref="IOException">The folder can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public CheckpointFiles(string dataDirectory, string origin)
    {
        _folder = FolderOf(dataDirectory);
        _name = NameOf(origin);
        Directory.CreateDirectory(_folder);
        (_own, _lock) = TakeName();
    }

    /// <summary>Where they are.</summary>
    public static string FolderOf(string dataDirectory) => Path.Combine(Path.GetFullPath(dataDirectory), "checkpoints");

    /// <summary>What the names of a log's files begin with.</summary>
    public static string NameOf(string origin) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..16];

    /// <summary>Reads all notes of a log that are there, whichever process wrote them.</summary>
    /// <param name="dataDirectory">The folder of the data.</param>
    /// <param name="origin">The log's name.</param>
    /// <returns>Each file, whether it holds what was signed rather than published, and its text.</returns>
    public static IReadOnlyList<(string File, bool IsSigned, string Note)> Read(string dataDirectory, string origin)
    {
        var folder = FolderOf(dataDirectory);
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, NameOf(origin) + "*")
            .Where(HoldsNote)
            .Order(StringComparer.Ordinal)
            .Select(file => (file, file.EndsWith(SignedEnd, StringComparison.Ordinal), File.ReadAllText(file)))];
    }

    /// <summary>Reads the checkpoints of all logs that are there, whoever signed them; what is none is passed over.</summary>
    public static IEnumerable<Checkpoint> ReadAll(string dataDirectory)
    {
        var folder = FolderOf(dataDirectory);
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder).Where(HoldsNote))
        {
            if (SignedNote.TryParse(File.ReadAllText(file), out var note) && Checkpoint.TryParse(note.Text, out var checkpoint))
                yield return checkpoint;
        }
    }

    /// <summary>Keeps a checkpoint that was seen published. On disk when this returns.</summary>
    public void WriteSeen(string note) => Write(_own, note);

    /// <summary>Keeps a checkpoint that is about to be published. On disk when this returns.</summary>
    public void WriteSigned(string note) => Write(_own + SignedEnd, note);

    public void Dispose() => _lock.Dispose();

    private static bool HoldsNote(string file) =>
        !file.EndsWith(LockEnd, StringComparison.Ordinal) && !file.EndsWith(".new", StringComparison.Ordinal);

    private (string Own, FileStream Lock) TakeName()
    {
        for (var process = 1; ; process++)
        {
            var own = Path.Combine(_folder, process == 1 ? _name : string.Create(CultureInfo.InvariantCulture, $"{_name}.{process}"));
            try
            {
                return (own, new FileStream(own + LockEnd, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (process < MostProcesses && File.Exists(own + LockEnd))
            {
                // Another process of this folder has it.
            }
        }
    }

    private void Write(string file, string note)
    {
        // Somebody may have removed it.
        Directory.CreateDirectory(_folder);
        var temporary = file + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(Encoding.UTF8.GetBytes(note));

            // The name must not come to stand for bytes that are not there yet.
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
        DirectoryFlush.Run(_folder);
    }
}
