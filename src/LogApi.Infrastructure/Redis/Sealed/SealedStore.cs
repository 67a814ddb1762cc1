using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// <c>sealed:N</c>: a sealed bundle (<see cref="BundleFormat"/>). One that is larger than <see cref="PartLength"/> is split: its own
/// key then holds a zero and the number of the parts, which are under <c>sealed:N:1</c> and so on.
/// </summary>
internal sealed class SealedStore(RedisConnection connection)
{
    /// <summary>How long a value may be: the embedded store takes none that does not fit a page of its files, 8 MiB.</summary>
    public const int PartLength = 4 * 1024 * 1024;

    private const byte SplitMark = 0;

    private RedisKeys Keys => connection.Keys;

    /// <summary>Reads what is under the bundle's key, and its parts; nothing when there is nothing.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(IDatabase db, long bundle)
    {
        ReadOnlyMemory<byte> stored = await db.StringGetAsync(Keys.Sealed(bundle));
        if (stored.IsEmpty) return null;
        if (!TryReadPartCount(stored, out var count)) return stored;
        var parts = await db.StringGetAsync(PartKeys(bundle, count));
        return parts.SelectMany(part => (byte[]?)part ?? []).ToArray();
    }

    /// <summary>Reads a bundle; nothing when it is not there, or is no bundle any more.</summary>
    public async Task<SealedBundle?> FindAsync(IDatabase db, long bundle)
    {
        try
        {
            return await ReadAsync(db, bundle) is { } blob ? SealedBundle.Decode(blob).Open() : null;
        }
        catch (InvalidDataException)
        {
            // Somebody changed it: none of its records can be told.
            return null;
        }
    }

    /// <summary>The key of a bundle, and of as many parts as its value says.</summary>
    public RedisKey[] KeysOf(long bundle, ReadOnlyMemory<byte> stored) =>
        [Keys.Sealed(bundle), .. TryReadPartCount(stored, out var count) ? PartKeys(bundle, count) : []];

    private RedisKey[] PartKeys(long bundle, int count) => [.. Enumerable.Range(1, count).Select(part => Keys.SealedPart(bundle, part))];

    private static bool TryReadPartCount(ReadOnlyMemory<byte> stored, out int count)
    {
        count = stored.Length == 2 && stored.Span[0] == SplitMark ? stored.Span[1] : 0;
        return count > 0;
    }
}
