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
    public const int PartLength = StoreOptions.BulkReplyBytes;

    private const byte SplitMark = 0;

    private RedisKeys Keys => connection.Keys;

    /// <summary>Reads a bundle; nothing when it is not there, or is no bundle any more.</summary>
    /// <param name="db">The store.</param>
    /// <param name="bundle">The bundle's number.</param>
    /// <param name="isWanted">When given, the texts are of use only if it says so, and are not inflated otherwise.</param>
    public async Task<SealedBundle?> FindAsync(IDatabase db, long bundle, Func<SealedBundle, bool>? isWanted = null) =>
        await FindAsync(db, bundle, await ReadStoredAsync(db, bundle), isWanted);

    /// <summary>Reads what is under the bundle's own key.</summary>
    public Task<RedisValue> ReadStoredAsync(IDatabase db, long bundle) => db.StringGetAsync(Keys.Sealed(bundle));

    /// <summary>Reads a bundle from what is under its own key; nothing when that is no bundle any more.</summary>
    public async Task<SealedBundle?> FindAsync(IDatabase db, long bundle, RedisValue stored, Func<SealedBundle, bool>? isWanted = null)
    {
        if (stored.IsNull) return null;
        try
        {
            ReadOnlyMemory<byte> blob = stored;
            if (TryReadPartCount(blob, out var count)) blob = await JoinAsync(db, bundle, count);
            var content = SealedBundle.Decode(blob);
            return isWanted is null || isWanted(content) ? content.Open() : content;
        }
        catch (InvalidDataException)
        {
            // Somebody changed it: none of its records can be told.
            return null;
        }
    }

    /// <summary>Writes a bundle, unless its own key holds something else than it did.</summary>
    /// <param name="db">The store.</param>
    /// <param name="bundle">The bundle's number.</param>
    /// <param name="former">What its own key held.</param>
    /// <param name="blob">What it is to hold.</param>
    /// <param name="replace">The script that compares the two.</param>
    /// <returns>Whether it is written.</returns>
    public async Task<bool> TryWriteAsync(IDatabase db, long bundle, RedisValue former, ReadOnlyMemory<byte> blob, string replace)
    {
        RedisValue stored = blob;
        if (blob.Length > PartLength)
        {
            var parts = (blob.Length + PartLength - 1) / PartLength;
            for (var part = 0; part < parts; part++)
            {
                var from = part * PartLength;
                await db.StringSetAsync(Keys.SealedPart(bundle, part + 1), blob[from..Math.Min(from + PartLength, blob.Length)]);
            }

            stored = new[] { SplitMark, (byte)parts };
        }

        if (former.IsNull) return await db.StringSetAsync(Keys.Sealed(bundle), stored, when: When.NotExists);
        return (int)await db.ScriptEvaluateAsync(replace, [Keys.Sealed(bundle)], [former, stored]) == 1;
    }

    /// <summary>Removes a bundle; its own key last, for it tells of the parts.</summary>
    public async Task DeleteAsync(IDatabase db, long bundle)
    {
        ReadOnlyMemory<byte> stored = await ReadStoredAsync(db, bundle);
        if (TryReadPartCount(stored, out var count)) await Task.WhenAll(PartKeys(bundle, count).Select(part => db.KeyDeleteAsync(part)));
        await db.KeyDeleteAsync(Keys.Sealed(bundle));
    }

    // One command for each: in a cluster they may be on different nodes. One after the other: nothing else that goes over the same
    // connection has to wait for all of them.
    private async Task<ReadOnlyMemory<byte>> JoinAsync(IDatabase db, long bundle, int count)
    {
        var parts = new List<RedisValue>(count);
        foreach (var part in PartKeys(bundle, count)) parts.Add(await db.StringGetAsync(part));
        var blob = new byte[parts.Sum(part => part.Length())];
        var at = 0;
        foreach (var part in parts)
        {
            ReadOnlyMemory<byte> bytes = part;
            bytes.CopyTo(blob.AsMemory(at));
            at += bytes.Length;
        }

        return blob;
    }

    private RedisKey[] PartKeys(long bundle, int count) => [.. Enumerable.Range(1, count).Select(part => Keys.SealedPart(bundle, part))];

    private static bool TryReadPartCount(ReadOnlyMemory<byte> stored, out int count)
    {
        count = stored.Length == 2 && stored.Span[0] == SplitMark ? stored.Span[1] : 0;
        return count > 0;
    }
}
