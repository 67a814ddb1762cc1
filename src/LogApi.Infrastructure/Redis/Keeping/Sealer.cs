using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// Moves complete bundles from the hot part to the sealed one. All that a bundle needs there is written first, by commands that
/// may be repeated; after a hold, <c>unload.lua</c> takes it out of the hot part. Wherever that is cut off, the next one to seal
/// begins at the head's mark and finds what is there.
/// </summary>
internal sealed class Sealer(
    RedisConnection connection,
    IStoreDurability durability,
    BundleWriter writer,
    SealedStore store,
    SealedIndex index,
    KeeperOptions options,
    KeeperScripts scripts,
    TimeProvider time,
    ILogger<Sealer> logger)
{
    private const int WriteAtOnce = 32;
    private const int MostHeld = 2_048;

    // Written, and not yet to be unloaded; neighbours, from the head's mark on.
    private readonly Queue<(BundleContent Content, RedisValue Redactions, long Written)> _held = new();

    // Written, but somebody else was faster.
    private readonly List<BundleContent> _late = [];
    private string _epoch = "";
    private long _generation;

    /// <summary>Does as much as is due, within bounds.</summary>
    /// <returns>Whether something was done, so that there may be more.</returns>
    public async Task<bool> StepAsync(IDatabase db, LogExtent extent, CancellationToken cancellationToken)
    {
        Align(extent);
        await RemoveDroppedAsync(db, extent);
        var unloaded = await UnloadDueAsync(db);
        if (unloaded is not { } start) return true;

        var next = Math.Max(extent.SealedBundles, start) + _held.Count;
        var end = (extent.Head.Next / RedisKeys.BundleSize) - options.HotBundles;
        var count = (int)Math.Min(Math.Min(WriteAtOnce, MostHeld - _held.Count), end - next);
        if (count <= 0) return start > extent.SealedBundles;
        await WriteAsync(db, next, count, cancellationToken);
        return true;
    }

    /// <summary>When the next bundle is to be unloaded, from now; nothing when none waits.</summary>
    public TimeSpan? NextDue => _held.TryPeek(out var oldest) ? options.Hold - time.GetElapsedTime(oldest.Written) : null;

    /// <summary>Forgets what it has written, for somebody else may go on with it.</summary>
    public void Reset()
    {
        _late.AddRange(_held.Select(row => row.Content));
        _held.Clear();
    }

    private void Align(LogExtent extent)
    {
        if (_epoch != extent.Head.Epoch)
        {
            _held.Clear();
            _late.Clear();
        }

        // What was written may be gone from a store that went back, and its place in the hot part be that of other entries.
        if (_generation != extent.Generation) Reset();

        (_epoch, _generation) = (extent.Head.Epoch, extent.Generation);
        while (_held.TryPeek(out var oldest) && oldest.Content.Bundle < extent.SealedBundles) _late.Add(_held.Dequeue().Content);
        if (_held.TryPeek(out var next) && next.Content.Bundle > extent.SealedBundles) Reset();
    }

    /// <summary>Removes what this process wrote of a bundle that another one had sealed, and even dropped, before.</summary>
    private async Task RemoveDroppedAsync(IDatabase db, LogExtent extent)
    {
        foreach (var content in _late.Where(content => content.Bundle < extent.FirstBundle))
        {
            await index.RemoveAsync(db, content);
            await store.DeleteAsync(db, content.Bundle);
        }

        _late.Clear();
    }

    private async Task WriteAsync(IDatabase db, long first, int count, CancellationToken cancellationToken)
    {
        var redactions = await ReadRedactionsAsync(db, first, count);
        var written = (await writer.WriteAsync(db, first, count, cancellationToken)).ToList();
        await index.AddAsync(db, written);
        await FollowRedactionsAsync(db, written, redactions, cancellationToken);
        await connection.CommitAsync(durability, cancellationToken);
        var now = time.GetTimestamp();
        foreach (var (i, content) in written.Index()) _held.Enqueue((content, redactions[i], now));
    }

    /// <summary>
    /// Writes those bundles again of which something was redacted since they were read, and takes those users out of the index who
    /// are not in them any more. What is redacted after this look changes what is sealed already, or is noticed when the bundle is to
    /// be unloaded.
    /// </summary>
    private async Task FollowRedactionsAsync(
        IDatabase db, List<BundleContent> written, RedisValue[] redactions, CancellationToken cancellationToken)
    {
        if (written.Count == 0) return;
        var now = await ReadRedactionsAsync(db, written[0].Bundle, written.Count);
        for (var i = 0; i < written.Count; i++)
        {
            while (now[i] != redactions[i])
            {
                var bundle = written[i].Bundle;
                if (await writer.WriteAsync(db, bundle, 1, cancellationToken) is not [var anew])
                {
                    written.RemoveRange(i, written.Count - i);
                    return;
                }

                await index.RemoveUsersAsync(db, bundle, written[i].Users.Keys.Except(anew.Users.Keys));
                (written[i], redactions[i]) = (anew, now[i]);
                now[i] = (await ReadRedactionsAsync(db, bundle, 1))[0];
            }
        }
    }

    /// <summary>How often each of some bundles was redacted while it was hot; of one that is not any more, that.</summary>
    private async Task<RedisValue[]> ReadRedactionsAsync(IDatabase db, long first, int count)
    {
        var fields = Enumerable.Range(0, count).Select(i => (RedisValue)RedisKeys.RedactionsOf(first + i));
        var values = await db.HashGetAsync(connection.Keys.Head, [.. fields, "sealed"]);
        var hot = values[^1].IsNull ? 0 : (long)values[^1] / RedisKeys.BundleSize;
        return [.. values[..^1].Select((value, i) => first + i < hot ? "sealed" : value.IsNull ? "" : value)];
    }

    /// <summary>Gives the first bundle that is hot now; nothing when the head is not where it was thought to be.</summary>
    private async Task<long?> UnloadDueAsync(IDatabase db)
    {
        var calls = new List<(BundleContent Content, Task<RedisResult> Reply)>();
        while (calls.Count < WriteAtOnce && _held.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Written) >= options.Hold)
        {
            _held.Dequeue();
            calls.Add((oldest.Content, UnloadAsync(db, oldest.Content, oldest.Redactions)));
        }

        if (calls.Count == 0) return 0;
        await Task.WhenAll(calls.Select(call => call.Reply));
        foreach (var (content, reply) in calls)
        {
            if ((long)await reply == (content.Bundle + 1) * RedisKeys.BundleSize) continue;
            _late.AddRange(calls.Select(call => call.Content));
            Reset();
            return null;
        }

        var end = calls[^1].Content.Bundle + 1;
        logger.Sealed(calls.Count, end * RedisKeys.BundleSize);
        return end;
    }

    private Task<RedisResult> UnloadAsync(IDatabase db, BundleContent content, RedisValue redactions)
    {
        var keys = connection.Keys;
        var start = content.Bundle * RedisKeys.BundleSize;
        return db.ScriptEvaluateAsync(
            scripts.Unload,
            [keys.Head, keys.Ids, keys.Entries(content.Bundle), .. content.Users.Keys.Select(keys.User)],
            [
                _epoch, start, start + RedisKeys.BundleSize, RedisKeys.RedactionsOf(content.Bundle), redactions,
                .. content.Ids.Select(id => (RedisValue)id),
            ]);
    }
}
