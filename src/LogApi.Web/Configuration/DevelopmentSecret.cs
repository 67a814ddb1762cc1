using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Domain.Hashing;

namespace LogApi.Web.Configuration;

/// <summary>
/// A secret that is made once and kept in <c>DATA_DIR/secrets/jwt-secret-key</c>, readable by its owner only, so that the hashes
/// of a developer's entries are still right after a restart.
/// </summary>
internal static class DevelopmentSecret
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMode = ~FolderMode;

    /// <summary>Gives the secret of a data folder, and makes it if there is none.</summary>
    /// <exception cref="StartRefusedException">The file can't be read or written, or others may read it.</exception>
    public static string GetOrCreate(string dataDirectory)
    {
        var folder = Path.Combine(Path.GetFullPath(dataDirectory), "secrets");
        var path = Path.Combine(folder, "jwt-secret-key");
        try
        {
            return TryRead(path) ?? Create(folder, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"DATA_DIR: the generated secret {path} can't be read or written ({fault.GetType().Name}); give this user the folder, or set JWT_SECRET_KEY.",
                fault);
        }
    }

    private static string? TryRead(string path)
    {
        if (!File.Exists(path)) return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMode) != UnixFileMode.None)
            throw new StartRefusedException($"DATA_DIR: others may read the generated secret {path}; set its mode to 0600 (chmod 600).");
        var secret = File.ReadAllText(path).Trim();
        return Encoding.UTF8.GetByteCount(secret) >= EntryHasher.MinSecretBytes
            ? secret
            : throw new StartRefusedException(
                $"DATA_DIR: the generated secret {path} is damaged; restore it, or delete it to make a new one that no earlier entry agrees with.");
    }

    private static string Create(string folder, string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, FolderMode);

        // Written aside and then put in place whole, so that nobody, and no crash, ever sees half a secret.
        var aside = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
            using (var file = new FileStream(aside, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(EntryHasher.MinSecretBytes)) + "\n"));
                file.Flush(flushToDisk: true);
            }

            // When another process that started at the same moment was first, its secret counts.
            HardLink.TryCreate(aside, path);
        }
        finally
        {
            File.Delete(aside);
        }

        return TryRead(path) ?? throw new IOException($"{path} is gone.");
    }
}
