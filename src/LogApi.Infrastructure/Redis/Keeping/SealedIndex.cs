using System.Globalization;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// Puts sealed bundles into the indexes, and takes dropped ones out. Both may be repeated and cut off anywhere. Commands that
/// need no answer of another are sent together.
/// </summary>
internal sealed class SealedIndex(RedisConnection connection, KeeperScripts scripts, EntryHasher hasher)
{
    private readonly StoreSeal _seal = DroppedNote.SealOf(hasher);

    private RedisKeys Keys => connection.Keys;

    /// <summary>Adds some neighbouring bundles.</summary>
    public Task AddAsync(IDatabase db, IReadOnlyList<BundleContent> contents)
    {
        var calls = new List<Task>();
        foreach (var chunk in contents.GroupBy(content => content.Bundle / TimeChunk.Bundles))
        {
            var offset = chunk.First().Bundle % TimeChunk.Bundles * TimeChunk.RowLength;
            calls.Add(db.StringSetRangeAsync(Keys.Times(chunk.Key), offset, chunk.SelectMany(content => content.TimeRow).ToArray()));
        }

        foreach (var user in contents.SelectMany(
            content => content.Users.Keys.Select(user => (User: user, content.Bundle))).GroupBy(row => row.User, StringComparer.Ordinal))
        {
            // In this order, on one node: a bitmap that unmark.lua finds empty gets its bit in the other one again.
            foreach (var chunk in user.GroupBy(row => row.Bundle / UserIndex.Bundles))
            {
                calls.Add(SetBitsAsync(db, Keys.UserBundles(user.Key, chunk.Key), [.. chunk.Select(row => row.Bundle % UserIndex.Bundles)]));
                calls.Add(db.StringSetBitAsync(Keys.UserChunks(user.Key), chunk.Key, bit: true));
            }
        }

        foreach (var (id, sequence) in contents.SelectMany(content => content.OtherIds))
            calls.Add(db.HashSetAsync(Keys.SealedIds(new IdFingerprint(id).Bucket), id, sequence.ToString(CultureInfo.InvariantCulture)));
        return Task.WhenAll(calls);
    }

    /// <summary>Takes a bundle out, and notes its ids as dropped.</summary>
    public Task RemoveAsync(IDatabase db, BundleContent content)
    {
        var calls = new List<Task>();
        var others = content.OtherIds.Select(other => other.Id).ToHashSet();
        var key = Keys.Dropped(content.Bundle);
        var note = DroppedNote.Encode(_seal, key.ToString(), content.Ids.Where(id => !others.Contains(id)), others, content.TimeRow);
        calls.Add(db.StringSetAsync(key, note, when: When.NotExists));
        foreach (var id in others)
        {
            var fingerprint = new IdFingerprint(id);
            calls.Add(db.HashSetAsync(Keys.SealedIds(fingerprint.Bucket), fingerprint.Bytes, SealedIds.DroppedMark));
            calls.Add(db.HashDeleteAsync(Keys.SealedIds(fingerprint.Bucket), id));
        }

        calls.Add(RemoveUsersAsync(db, content.Bundle, content.Users.Keys));
        return Task.WhenAll(calls);
    }

    /// <summary>Takes users out who have no entry in a bundle any more.</summary>
    public Task RemoveUsersAsync(IDatabase db, long bundle, IEnumerable<string> users)
    {
        var (chunk, place) = Math.DivRem(bundle, UserIndex.Bundles);
        return Task.WhenAll(users.Select(user => db.ScriptEvaluateAsync(
            scripts.Unmark, [Keys.UserBundles(user, chunk), Keys.UserChunks(user)], [place, chunk])));
    }

    private static Task SetBitsAsync(IDatabase db, RedisKey key, long[] places)
    {
        if (places is [var single]) return db.StringSetBitAsync(key, single, bit: true);
        var arguments = new List<object>(1 + (4 * places.Length)) { key };
        foreach (var place in places) arguments.AddRange(["SET", "u1", place, 1]);
        return db.ExecuteAsync("BITFIELD", arguments);
    }
}
