using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// Drops the oldest sealed bundles, in runs: what a run drops is noted in the head, then told by an entry of its own, then done,
/// bundle by bundle. A run that was cut off anywhere goes on from the note, and tells nothing twice, for the entry's id follows
/// from it.
/// </summary>
internal sealed class Retention(
    RedisConnection connection,
    IStoreDurability durability,
    SealedStore store,
    SealedIndex index,
    RetentionPlan plan,
    KeeperLease lease,
    ILogRepository logs,
    EntryHasher hasher,
    KeeperScripts scripts,
    TimeProvider time,
    ILogger<Retention> logger)
{
    private const int DropAtOnce = 16;

    private static readonly LogStatus Status = LogStatus.Create("RETENTION");

    private RedisKeys Keys => connection.Keys;

    /// <summary>Goes on with a run, or begins one when there is something to drop, and ends it.</summary>
    /// <returns>Whether something was done, so that there may be more.</returns>
    public async Task<bool> StepAsync(IDatabase db, LogExtent extent, CancellationToken cancellationToken)
    {
        // What is left may be all there is to find out with what became of the rest.
        if (await plan.MustKeepAsync(db)) return false;
        var note = await db.HashGetAsync(Keys.Head, "dropping");
        if (note.IsNullOrEmpty)
        {
            if (await plan.MakeAsync(db, extent) is not { } made) return false;
            note = (RedisValue)await db.ScriptEvaluateAsync(scripts.BeginDrop, [Keys.Head], [made.ToString()]);

            // An entry is being redacted: that is over soon, and the keeper's next step finishes it should its process have ended.
            if (note.IsNullOrEmpty) return true;
        }

        if (RetentionRun.Parse(note) is not { } run || run.Epoch != extent.Head.Epoch)
        {
            await db.ScriptEvaluateAsync(scripts.Forget, [Keys.Head], ["dropping", note]);
            return true;
        }

        logger.Dropping(run.From, run.End - 1, run.Reason);
        await AnnounceAsync(run, cancellationToken);
        for (var from = run.From / RedisKeys.BundleSize; from < run.End / RedisKeys.BundleSize; from += DropAtOnce)
        {
            var count = (int)Math.Min(DropAtOnce, (run.End / RedisKeys.BundleSize) - from);
            cancellationToken.ThrowIfCancellationRequested();
            if (!await lease.KeepAsync(db)) return true;
            if (!await DropAsync(db, extent, run, from, count, cancellationToken)) return true;
        }

        await connection.CommitAsync(durability, cancellationToken);
        await db.ScriptEvaluateAsync(scripts.Forget, [Keys.Head], ["dropping", note]);
        logger.Dropped(run.End - 1);
        return true;
    }

    private async Task AnnounceAsync(RetentionRun run, CancellationToken cancellationToken)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture, $"Dropped {run.End - run.From} entries, {run.From} to {run.End - 1}: {run.Reason}");
        var attributes = LogAttributes.Create(
        [
            KeyValuePair.Create("first_seq", (string?)run.From.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("last_seq", (string?)(run.End - 1).ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("reason", (string?)run.Reason),
        ]);
        var entry = LogEntry.Create(
            ServiceUsers.Retention, QueryText.Create(query), Status, time.GetUtcNow(), hasher, attributes: attributes, id: IdOf(run));
        await logs.AppendAsync([new NewEntry(entry, mayExist: true)], WhenFull.Wait, cancellationToken);
    }

    /// <summary>The same for the same run: version 8 (RFC 9562 §5.8), from its SHA-256.</summary>
    private static LogId IdOf(RetentionRun run)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"retention {run.Epoch} {run.From} {run.End}")))[..UuidBytes.Length];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return LogId.Create(new Guid(bytes, bigEndian: true).ToString());
    }

    /// <summary>Drops some neighbouring bundles; false when another run is under way.</summary>
    private async Task<bool> DropAsync(
        IDatabase db, LogExtent extent, RetentionRun run, long first, int count, CancellationToken cancellationToken)
    {
        var reads = Enumerable.Range(0, count).Select(i => store.FindAsync(db, first + i)).ToList();
        await Task.WhenAll(reads);
        var contents = new List<(long Bundle, BundleContent? Content)>(count);
        for (var i = 0; i < count; i++) contents.Add((first + i, await reads[i] is { } read ? new BundleContent(first + i, read) : null));

        await Task.WhenAll(contents.Where(row => row.Content is not null).Select(row => index.RemoveAsync(db, row.Content!)));
        await connection.CommitAsync(durability, cancellationToken);
        var heads = contents.Select(row => DropAsync(db, run, row.Bundle, row.Content)).ToList();
        await Task.WhenAll(heads);
        for (var i = 0; i < count; i++)
        {
            if (contents[i].Content is null && first + i >= extent.FirstBundle) logger.DroppedUnread(first + i);

            // Further on is where a run that was cut off has been before.
            if ((long)await heads[i] < (first + i + 1) * RedisKeys.BundleSize) return false;
        }

        await connection.CommitAsync(durability, cancellationToken);
        await Task.WhenAll(contents.Select(row => store.DeleteAsync(db, row.Bundle)));
        return true;
    }

    private Task<RedisResult> DropAsync(IDatabase db, RetentionRun run, long bundle, BundleContent? content)
    {
        var start = bundle * RedisKeys.BundleSize;
        var arguments = new List<RedisValue>
        {
            durability.AppliesScriptsWhole ? "1" : "0", run.Epoch, start, start + RedisKeys.BundleSize, content?.Bytes ?? 0,
            content?.Statuses.Count ?? 0,
        };
        foreach (var (status, number) in content?.Statuses ?? new Dictionary<string, int>()) arguments.AddRange([status, number]);
        foreach (var (user, number) in content?.Users ?? new Dictionary<string, int>()) arguments.AddRange([user, number]);
        return db.ScriptEvaluateAsync(scripts.Drop, [Keys.Head, Keys.Users], [.. arguments]);
    }
}
