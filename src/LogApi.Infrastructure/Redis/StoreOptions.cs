using System.Buffers;
using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis;

/// <summary>Which store, and how long to wait for it.</summary>
public sealed class StoreOptions : ICheckedSettings
{
    private const int MaxKeyPrefixLength = 64;
    private const string AcceptedKeyPrefix = "1 to 64 of A-Z a-z 0-9 _ . : -";

    private static readonly SearchValues<char> KeyPrefixCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

    /// <summary>
    /// Where Redis is: <c>redis://</c> or <c>rediss://</c> with user, password and database, or a StackExchange.Redis
    /// configuration string. Empty, the default, means the embedded store.
    /// </summary>
    [Setting("REDIS_URL", Accepts = Connection.RedisUrl.Accepted, Secret = true)]
    public string RedisUrl { get; init; } = "";

    /// <summary>What every key starts with; <c>logapi:</c> unless told. Services that share a Redis need one each.</summary>
    [Setting("REDIS_KEY_PREFIX", Accepts = AcceptedKeyPrefix)]
    public string KeyPrefix { get; init; } = "logapi:";

    /// <summary>Where the embedded store and generated secrets are kept; <c>data</c> below the working folder unless told.</summary>
    [Setting("DATA_DIR", Accepts = "a folder that can be written to")]
    public string DataDirectory { get; init; } = "data";

    /// <summary>How long one request may wait for the store before it is answered 503, in milliseconds; 1,500 unless told.</summary>
    [Setting("STORE_TIMEOUT_MS", Min = 100, Max = 30_000, Unit = "milliseconds")]
    public int TimeoutMilliseconds { get; init; } = 1_500;

    /// <summary>
    /// How many bytes of replies to searches, exports and reads of history may be on their way from the store at once, about, for
    /// all of a process; 32 MiB unless told.
    /// </summary>
    [Setting("STORE_BULK_BYTES", Min = BulkReplyBytes, Max = 1_073_741_824, Unit = "bytes")]
    public int BulkBytes { get; init; } = 8 * BulkReplyBytes;

    /// <summary>About how large one of those replies may be.</summary>
    internal const int BulkReplyBytes = 4 * 1024 * 1024;

    /// <summary>How many of them may be on their way at once.</summary>
    internal int BulkReads => BulkBytes / BulkReplyBytes;

    /// <summary><see cref="TimeoutMilliseconds"/> as a span.</summary>
    public TimeSpan Timeout => TimeSpan.FromMilliseconds(TimeoutMilliseconds);

    /// <summary>Whether the store runs inside this process.</summary>
    public bool IsEmbedded => string.IsNullOrWhiteSpace(RedisUrl);

    /// <summary>
    /// What tells this store from others, without user and password: <c>embedded</c>, or <c>host:port/prefix</c> with the
    /// database in between when it is not 0. Whatever can't be read as a part of a log's name is told by a digest instead.
    /// </summary>
    public string Name => IsEmbedded ? "embedded" : StoreName.Of(Connection.RedisUrl.Parse(RedisUrl), KeyPrefix);

    /// <summary>The embedded store's folder.</summary>
    internal string EmbeddedFolder => Path.Combine(DataDirectory, "store");

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Problem)> Check()
    {
        if (!IsEmbedded && !Connection.RedisUrl.TryParse(RedisUrl, out _, out var problem)) yield return ("REDIS_URL", problem);
        if (KeyPrefix.Length is 0 or > MaxKeyPrefixLength || KeyPrefix.AsSpan().ContainsAnyExcept(KeyPrefixCharacters))
            yield return ("REDIS_KEY_PREFIX", "is too long or has other characters");
    }
}
