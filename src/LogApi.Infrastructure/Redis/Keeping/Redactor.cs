using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// Erases entries, one after the other: what is to be erased is noted in the head, then told by an entry of its own, then erased
/// from the hot part and taken out of the counts, then erased from the sealed bundle and the user's index. Each step may be taken
/// twice, also by several at once, so whoever finds the note can finish: the next to redact, or the keeper.
/// </summary>
internal sealed class Redactor(
    RedisConnection connection,
    IStoreDurability durability,
    HeadReader heads,
    SealedStore store,
    SealedIndex index,
    ILogRepository logs,
    EntryHasher hasher,
    KeeperScripts scripts,
    TimeProvider time,
    ILogger<Redactor> logger) : ILogRedaction
{
    private const string Field = "redacting";

    private RedisKeys Keys => connection.Keys;

    public async Task<LogHead> SettleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FinishAsync(connection.Database, cancellationToken);
        }
        catch (Exception fault) when (fault is not StoreUnavailableException && StoreFaults.Classify(fault) is { } failure)
        {
            throw new StoreUnavailableException(failure, innerException: fault);
        }

        return (await heads.ReadAsync(cancellationToken)).Head;
    }

    public async Task<RedactionOutcome> RedactAsync(Redaction redaction, LogHead before, CancellationToken cancellationToken)
    {
        if (connection.Refusal is not null) throw new StoreUnavailableException(StoreFailure.Unreachable);
        if (connection.IntegrityRefusal is { } found) throw new StoreUnavailableException(StoreFailure.IntegrityLost) { Detail = found };
        var outcome = await connection.CallAsync(db => BeginAsync(db, redaction, before), cancellationToken);
        if (outcome != RedactionOutcome.Done) return outcome;
        try
        {
            // What is noted is done in any case, so no caller can call it off.
            await FinishAsync(connection.Database, CancellationToken.None);
            return outcome;
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null)
        {
            throw new StoreUnavailableException(StoreFailure.OutcomeUnknown, innerException: fault);
        }
    }

    /// <summary>Notes a redaction, as a part of a call, which <see cref="FinishAsync"/> must follow.</summary>
    public async Task<RedactionOutcome> BeginAsync(IDatabase db, Redaction redaction, LogHead before)
    {
        RedisValue note = RedactionNote.Of(redaction, before.Epoch, hasher, time.GetUtcNow()).ToString();
        var noted = (RedisValue)await db.ScriptEvaluateAsync(
            scripts.BeginRedaction, [Keys.Head], [note, before.Epoch, redaction.Sequence, before.Redactions]);
        return noted == "dropped" ? RedactionOutcome.Dropped : noted == note ? RedactionOutcome.Done : RedactionOutcome.Changed;
    }

    /// <summary>Finishes the redaction that is noted, if there is one.</summary>
    public async Task FinishAsync(IDatabase db, CancellationToken cancellationToken)
    {
        while (true)
        {
            var noted = await db.HashGetAsync(Keys.Head, Field);
            if (noted.IsNull) return;
            if (RedactionNote.Parse(noted) is not { } note || note.Epoch != (string?)await db.HashGetAsync(Keys.Head, "epoch"))
            {
                await db.ScriptEvaluateAsync(scripts.Forget, [Keys.Head], [Field, noted]);
                return;
            }

            if (!note.IsCounted)
            {
                await logs.AppendAsync([new NewEntry(note.Tell(hasher), mayExist: true)], WhenFull.Wait, cancellationToken);
                await EraseHotAsync(db, note, noted);
                continue;
            }

            await EraseSealedAsync(db, note);
            await connection.CommitAsync(durability, cancellationToken);
            await db.ScriptEvaluateAsync(
                scripts.EndRedaction, [Keys.Head], [noted, (string?)Keys.Redacted, note.Sequence]);
            await connection.CommitAsync(durability, cancellationToken);
            logger.Redacted(note.Sequence);
            return;
        }
    }

    private Task<RedisResult> EraseHotAsync(IDatabase db, RedactionNote note, RedisValue noted)
    {
        var id = IdOf(note);
        return db.ScriptEvaluateAsync(
            scripts.Redact,
            [Keys.Head, Keys.Users, Keys.Ids, Keys.Entries(note.Sequence / RedisKeys.BundleSize), Keys.User(note.UserId)],
            [
                durability.AppliesScriptsWhole ? "1" : "0", noted, (note with { IsCounted = true }).ToString(), note.Sequence,
                id, note.Record[..(note.Record.IndexOf(',', StringComparison.Ordinal) + 1)], note.Record, note.Side, note.UserId,
                note.Status, note.Length,
            ]);
    }

    private async Task EraseSealedAsync(IDatabase db, RedactionNote note)
    {
        var (bundle, place) = Math.DivRem(note.Sequence, RedisKeys.BundleSize);
        while (true)
        {
            var stored = await store.ReadStoredAsync(db, bundle);

            // What somebody is about to write now was read after the hot part was changed, or will be found to be of before.
            if (stored.IsNull) return;
            if (await store.FindAsync(db, bundle, stored) is not { } content)
            {
                logger.RedactedUnread(note.Sequence, bundle);
                return;
            }

            if (Redact(content, (int)place, note) is { } blob)
            {
                if (!await store.TryWriteAsync(db, bundle, stored, blob, scripts.Replace)) continue;
                content = SealedBundle.Decode(blob);
            }
            else
            {
                await store.DeleteStrayPartsAsync(db, bundle);
            }

            if (!new BundleContent(bundle, content).Users.ContainsKey(note.UserId))
                await index.RemoveUsersAsync(db, bundle, [note.UserId]);
            return;
        }
    }

    /// <summary>Encodes a bundle without the entry; nothing when it is not in it, or is redacted there.</summary>
    private static byte[]? Redact(SealedBundle content, int place, RedactionNote note)
    {
        var id = IdOf(note);
        var entries = new SealedEntry[content.Count];
        Span<byte> each = stackalloc byte[UuidBytes.Length];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new SealedEntry(content.RecordAt(i), content.TryGetId(i, each) ? each.ToArray() : null, content.SideAt(i));
        if (place >= entries.Length || entries[place].Id is not { } held || !held.AsSpan().SequenceEqual(id)) return null;

        var redacted = new SealedEntry(Encoding.ASCII.GetBytes(note.Record), id, note.Side);
        if (entries[place].Record.Span.SequenceEqual(redacted.Record.Span) && entries[place].Side.Span.SequenceEqual(redacted.Side.Span)) return null;
        entries[place] = redacted;
        return BundleEncoder.Encode(entries);
    }

    private static byte[] IdOf(RedactionNote note)
    {
        var id = new byte[UuidBytes.Length];
        UuidBytes.TryReadFromRecord(Encoding.ASCII.GetBytes(note.Record), id);
        return id;
    }
}
