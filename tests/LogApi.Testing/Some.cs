using System.Globalization;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;

namespace LogApi.Testing;

/// <summary>Makes valid things for tests that do not care which.</summary>
public static class Some
{
    /// <summary>A secret that is fit for production, but for being known.</summary>
    public const string Secret = "wq3h8XK2pLz0vTn5RbYd7cUs1JmGfEa9";

    /// <summary>The signing key of the known answers.</summary>
    public const string SigningKey = "PRIVATE+KEY+logs.example.org/audit+7b8cc6b1+Aavu2kMqpHE4N+M5edpHjGiFkcQsmZ/2IiHjdv6yF2mg";

    /// <summary>The public half of <see cref="SigningKey"/>.</summary>
    public const string VerifierKey = "logs.example.org/audit+7b8cc6b1+AVvn69U884yk8/SpK9FrjmetxHMOXy2Y4KjBqKtfxKDl";

    private static long _last;

    /// <summary>A fixed instant.</summary>
    public static DateTimeOffset Time { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Hashes with a secret that is only for tests.</summary>
    public static EntryHasher Hasher { get; } = new("a secret of tests, 32 bytes or more"u8.ToArray());

    /// <summary>A user id; each one differs unless its text is given.</summary>
    public static UserId UserId(string? text = null) => Domain.Entries.UserId.Create(text ?? Unique("user"));

    /// <summary>A query; each one differs unless its text is given.</summary>
    public static QueryText Query(string? text = null) =>
        QueryText.Create(text ?? $"SELECT * FROM users WHERE name = '{Unique("name")}'");

    /// <summary>A status.</summary>
    public static LogStatus Status(string text = "SUCCESS") => LogStatus.Create(text);

    /// <summary>An entry that differs from every other one, at least by its id.</summary>
    public static LogEntry Entry(string? userId = null, string? query = null, string status = "SUCCESS", DateTimeOffset? time = null) =>
        LogEntry.Create(UserId(userId), Query(query), Status(status), time ?? Time, Hasher);

    /// <summary>So many entries, of one user when a user id is given.</summary>
    public static IReadOnlyList<LogEntry> Entries(int count, string? userId = null) =>
        [.. Enumerable.Range(0, count).Select(_ => Entry(userId))];

    /// <summary>What the store may hold beside an entry's id: the tag, and some salt.</summary>
    public static byte[] Side(LogEntry entry) => [.. Tag(entry), .. Salt];

    /// <summary>What a redaction leaves of an entry, with some salt.</summary>
    public static RedactedRecord Redacted(LogEntry entry) => new(LogLeaf.Of(entry, Salt));

    /// <summary>The tag that the store holds of an entry.</summary>
    public static byte[] Tag(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Hasher.Tag(entry).Bytes.ToArray();
    }

    /// <summary>The salt of <see cref="Side"/>.</summary>
    public static byte[] Salt { get; } = [.. Enumerable.Range(1, LogLeaf.SaltSize).Select(number => (byte)number)];

    private static string Unique(string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{word}-{Interlocked.Increment(ref _last)}");
}
