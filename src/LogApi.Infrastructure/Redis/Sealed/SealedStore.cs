using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// <c>sealed:N</c>: a sealed bundle (<see cref="BundleFormat"/>). One that is larger than <see cref="PartLength"/> is split: its own
/// key then holds a zero, the number of the parts and a GUID of its own, W; the parts are under <c>sealed:N:W:1</c> and so on. So
/// who writes the same bundle later, even with other content, does not touch them. <c>parts:N</c> has what the bundle's own key holds
/// from before the first part is written until the last one is removed, so that none outlasts a process that ends in between.
/// </summary>
internal sealed class SealedStore(RedisConnection connection)
{
    private const byte SplitMark = 0;
    private const int SplitLength = 2 + 16;

    /// <summary>How long a value may be: the embedded store takes none that does not fit a page of its files, 8 MiB.</summary>
    public int PartLength { get; init; } = StoreOptions.BulkReplyBytes;

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
        while (!stored.IsNull)
        {
            var parts = PartKeys(bundle, stored);
            try
            {
                var content = SealedBundle.Decode(parts.Length == 0 ? stored : await JoinAsync(db, parts));
                return isWanted is null || isWanted(content) ? content.Open() : content;
            }
            catch (InvalidDataException)
            {
                // Parts go when the bundle is replaced. Otherwise, somebody changed it: none of its records can be told.
                if (parts.Length == 0) return null;
                var now = await ReadStoredAsync(db, bundle);
                if (now == stored) return null;
                stored = now;
            }
        }

        return null;
    }

    /// <summary>Writes a bundle, unless its own key holds something else than it did. Parts that are of no use any more go.</summary>
    /// <param name="db">The store.</param>
    /// <param name="bundle">The bundle's number.</param>
    /// <param name="former">What its own key held.</param>
    /// <param name="blob">What it is to hold.</param>
    /// <param name="replace">The script that compares the two.</param>
    /// <returns>Whether it is written.</returns>
    public async Task<bool> TryWriteAsync(IDatabase db, long bundle, RedisValue former, ReadOnlyMemory<byte> blob, string replace)
    {
        RedisValue stored = blob;
        var isSplit = blob.Length > PartLength;
        if (isSplit) stored = await WritePartsAsync(db, bundle, blob);

        // Who has begun to write parts by now will find the bundle changed. Who begins later must be left alone.
        var others = isSplit || !former.IsNull ? await FindMarksAsync(db, bundle) : [];
        var isWritten = former.IsNull
            ? await db.StringSetAsync(Keys.Sealed(bundle), stored, when: When.NotExists)
            : (int)await db.ScriptEvaluateAsync(replace, [Keys.Sealed(bundle)], [former, stored]) == 1;
        await DeleteAsync(db, bundle, isWritten ? [former, .. others.Where(mark => mark != stored)] : [stored]);
        return isWritten;
    }

    /// <summary>Removes parts that somebody left who ended before the bundle was written, or before those of the former one were gone.</summary>
    public async Task DeleteStrayPartsAsync(IDatabase db, long bundle)
    {
        var marks = await FindMarksAsync(db, bundle);
        if (marks.Length == 0) return;
        var stored = await ReadStoredAsync(db, bundle);
        await DeleteAsync(db, bundle, [.. marks.Where(mark => mark != stored)]);
    }

    /// <summary>Removes a bundle; its own key last, for it tells of the parts.</summary>
    public async Task DeleteAsync(IDatabase db, long bundle)
    {
        var marks = FindMarksAsync(db, bundle);
        await DeleteAsync(db, bundle, [await ReadStoredAsync(db, bundle), .. await marks]);
        await db.KeyDeleteAsync(Keys.Sealed(bundle));
    }

    private Task<RedisValue[]> FindMarksAsync(IDatabase db, long bundle) => db.SetMembersAsync(Keys.Parts(bundle));

    private async Task<RedisValue> WritePartsAsync(IDatabase db, long bundle, ReadOnlyMemory<byte> blob)
    {
        var count = (blob.Length + PartLength - 1) / PartLength;
        RedisValue mark = new[] { SplitMark, (byte)count }.Concat(Guid.NewGuid().ToByteArray(bigEndian: true)).ToArray();
        await db.SetAddAsync(Keys.Parts(bundle), mark);
        foreach (var (part, key) in PartKeys(bundle, mark).Index())
        {
            var from = part * PartLength;
            await db.StringSetAsync(key, blob[from..Math.Min(from + PartLength, blob.Length)]);
        }

        return mark;
    }

    private async Task DeleteAsync(IDatabase db, long bundle, RedisValue[] marks)
    {
        foreach (var mark in marks)
        {
            var parts = PartKeys(bundle, mark);
            if (parts.Length == 0) continue;
            await Task.WhenAll(parts.Select(part => db.KeyDeleteAsync(part)));
            await db.SetRemoveAsync(Keys.Parts(bundle), mark);
        }
    }

    // One command for each: in a cluster they may be on different nodes. One after the other: nothing else that goes over the same
    // connection has to wait for all of them.
    private static async Task<ReadOnlyMemory<byte>> JoinAsync(IDatabase db, RedisKey[] keys)
    {
        var parts = new List<RedisValue>(keys.Length);
        foreach (var key in keys) parts.Add(await db.StringGetAsync(key));
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

    // None of a bundle that is not split.
    private RedisKey[] PartKeys(long bundle, RedisValue stored)
    {
        ReadOnlyMemory<byte> mark = stored;
        if (mark.Length != SplitLength || mark.Span[0] != SplitMark) return [];
        var writing = new Guid(mark.Span[2..], bigEndian: true);
        return [.. Enumerable.Range(1, mark.Span[1]).Select(part => Keys.SealedPart(bundle, writing, part))];
    }
}
