using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// Pages of one user's entries, the newest first: from the hot list <c>{log}:user:U</c> down to where it begins, and below that
/// from the sealed bundles that the <see cref="UserIndex"/> names.
/// </summary>
internal sealed class UserHistory(RedisConnection connection, HeadReader heads, UserIndex index, BundleReader bundles)
{
    /// <summary>As <see cref="ILogRepository.FindNewestAsync"/>, for one user.</summary>
    public async Task<LogPage> FindNewestAsync(UserId userId, int limit, int offset, CancellationToken cancellationToken)
    {
        var (head, hot) = await connection.CallAsync(db => ReadHotAsync(db, userId, limit, offset), cancellationToken);
        if (hot.Page is not { } page)
        {
            page = [.. hot.All.Skip(offset).Take(limit)];
            await AddSealedAsync(page, userId, Math.Max(0, offset - hot.All.Length), limit, Oldest(hot.All, head), head, cancellationToken);
        }

        return page.Count > 0 && page[0] >= head.Next ? new LogPage(head with { Next = page[0] + 1 }, page) : new LogPage(head, page);
    }

    private static long Oldest(long[] newestFirst, LogHead head) => newestFirst.Length > 0 ? newestFirst[^1] : head.Next;

    private async Task<(LogHead Head, (List<long>? Page, long[] All) Hot)> ReadHotAsync(IDatabase db, UserId userId, int limit, int offset)
    {
        // The head is read first, so whatever is stored in between is on the page or above the head, never in neither.
        var extentTask = heads.ReadAsync(db);

        // The embedded store takes an index of 32 bits only, and no list is longer than that.
        var first = Math.Max(-((long)offset + limit), int.MinValue);
        var page = NewestFirst(await db.ListRangeAsync(connection.Keys.User(userId.Value), first, -((long)offset + 1)));
        var extent = await extentTask;
        if (page.Length == limit && page[^1] >= extent.Sealed) return (extent.Head, ([.. page], []));

        // The page begins or goes on below the list: the whole of it, read at once, tells where. It is short, for what it has is
        // not sealed yet. What an unfinished removal has left below the mark is in the sealed part.
        var all = NewestFirst(await db.ListRangeAsync(connection.Keys.User(userId.Value)));
        return (extent.Head, (null, [.. all.TakeWhile(sequence => sequence >= extent.Sealed)]));
    }

    private static long[] NewestFirst(RedisValue[] rows)
    {
        var sequences = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            sequences[^(i + 1)] = long.Parse(rows[i].ToString(), CultureInfo.InvariantCulture);
        return sequences;
    }

    // The bits of a bundle are set before the list loses its numbers, so below the list nothing is missing here.
    private async Task AddSealedAsync(
        List<long> page, UserId userId, int skip, int limit, long below, LogHead head, CancellationToken cancellationToken)
    {
        if (page.Count >= limit || below <= head.First) return;
        var user = EntryRecord.EncodeText(userId.Value);
        var last = (below - 1) / RedisKeys.BundleSize;

        // What is passed over is not read again, and must not push out what others keep.
        await foreach (var (bundle, content) in bundles.ReadEachAsync(
            index.BundlesOfAsync(userId.Value, last, newestFirst: true, cancellationToken), keep: skip == 0, cancellationToken))
        {
            var start = bundle * RedisKeys.BundleSize;
            if (start < head.First) return;

            // Of a bundle that is gone whole nobody knows any more which entries were the user's: all of them are given, for the
            // reader to say of each that it is missing. Unless retention has dropped it since.
            var isGone = content.Count == 0;
            if (isGone && start < (await heads.ReadAsync(cancellationToken)).Head.First) return;
            for (var place = (isGone ? RedisKeys.BundleSize : content.Count) - 1; place >= 0; place--)
            {
                if (start + place >= below) continue;
                if (!isGone && !(content.TryGetFields(place, out var fields) && fields.User.SequenceEqual(user))) continue;
                if (skip-- > 0) continue;
                page.Add(start + place);
                if (page.Count == limit) return;
            }
        }
    }
}
