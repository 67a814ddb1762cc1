using System.Text;
using LogApi.Domain.Hashing;

namespace LogApi.Web.Configuration;

/// <summary>Tells secrets that others may know or guess.</summary>
internal static class SecretStrength
{
    // 32 random bytes in base64 or hexadecimal have more than that, but for an accident that nobody will see.
    private const int FewestDifferentCharacters = 8;

    // Parts that documents, samples and templates use. Each is too long to turn up in a random secret.
    private static readonly string[] WellKnownParts =
    [
        "change-me", "change_me", "changeme", "change-this", "change_this", "changethis", "replace-me", "replace_me", "replaceme",
        "replace-this", "your-secret", "your_secret", "yoursecret", "your-super-secret", "super-secret", "super_secret",
        "supersecret", "my-secret", "my_secret", "mysecret", "secret-key", "secret_key", "secretkey", "test-secret", "test_secret",
        "dev-secret", "dev_secret", "development", "placeholder", "password", "insecure", "example", "0123456789", "1234567890",
        "abcdefghij", "qwertyuiop",

        // The key that FastAPI's tutorial signs its tokens with, copied into many services.
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    ];

    /// <summary>Says what is wrong with a secret, in words that follow its name; nothing when it is fit for use.</summary>
    public static string? Check(string secret)
    {
        var bytes = Encoding.UTF8.GetByteCount(secret);
        if (bytes < EntryHasher.MinSecretBytes) return $"has {bytes} bytes, which is too short";
        if (secret.Distinct().Count() < FewestDifferentCharacters) return "consists of a few characters over and over";
        return Array.Exists(WellKnownParts, part => secret.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? "is, or is made from, a well-known sample value"
            : null;
    }
}
