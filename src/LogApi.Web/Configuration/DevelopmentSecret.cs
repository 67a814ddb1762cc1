using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Signing;

namespace LogApi.Web.Configuration;

/// <summary>
/// A secret that is made once and kept in a file below <c>DATA_DIR/secrets</c>, readable by its owner only, so that what a
/// developer's log holds still fits after a restart.
/// </summary>
internal sealed class DevelopmentSecret
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMode = ~FolderMode;

    private readonly string _folder;
    private readonly string _path;
    private readonly string _setting;
    private readonly Func<string> _make;
    private readonly Func<string, bool> _isWhole;

    private DevelopmentSecret(string dataDirectory, string file, string setting, Func<string> make, Func<string, bool> isWhole)
    {
        _folder = Path.Combine(Path.GetFullPath(dataDirectory), "secrets");
        _path = Path.Combine(_folder, file);
        _setting = setting;
        _make = make;
        _isWhole = isWhole;
    }

    /// <summary>What entries are hashed with.</summary>
    public static DevelopmentSecret OfHashes(string dataDirectory) => new(
        dataDirectory,
        "jwt-secret-key",
        "JWT_SECRET_KEY",
        () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EntryHasher.MinSecretBytes)),
        secret => Encoding.UTF8.GetByteCount(secret) >= EntryHasher.MinSecretBytes);

    /// <summary>What the checkpoints of a log are signed with. Each origin has a key of its own.</summary>
    public static DevelopmentSecret OfCheckpoints(string dataDirectory, string origin) => new(
        dataDirectory,
        "log-signing-key-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..16],
        "LOG_SIGNING_KEY",
        () => CheckpointSigner.Generate(origin),
        IsKey);

    /// <summary>Gives the secret, and makes it if there is none.</summary>
    /// <exception cref="StartRefusedException">The file can't be read or written, or others may read it.</exception>
    public string GetOrCreate()
    {
        try
        {
            return TryRead() ?? Create();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"DATA_DIR: the generated secret {_path} can't be read or written ({fault.GetType().Name}); give this user the folder, or set {_setting}.",
                fault);
        }
    }

    private static bool IsKey(string text)
    {
        if (!CheckpointSigner.TryCreate(text, out var signer, out _)) return false;
        signer.Dispose();
        return true;
    }

    private string? TryRead()
    {
        if (!File.Exists(_path)) return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(_path) & OthersMode) != UnixFileMode.None)
            throw new StartRefusedException($"DATA_DIR: others may read the generated secret {_path}; set its mode to 0600 (chmod 600).");
        var secret = File.ReadAllText(_path).Trim();
        return _isWhole(secret)
            ? secret
            : throw new StartRefusedException(
                $"DATA_DIR: the generated secret {_path} is damaged; restore it, or delete it to make a new one that nothing written earlier agrees with.");
    }

    private string Create()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
        else Directory.CreateDirectory(_folder, FolderMode);

        // When another process that started at the same moment was first, its secret counts.
        PrivateFile.TryCreate(_path, _make() + "\n");
        return TryRead() ?? throw new IOException($"{_path} is gone.");
    }
}
