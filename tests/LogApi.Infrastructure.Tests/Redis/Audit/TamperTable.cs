using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Signing;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Audit;

/// <summary>
/// What somebody who can write to the store can change, and what notices it. A full tile, a sealed bundle without redactions and what
/// is noted of dropped entries never change, so there is no older copy of them to put back.
/// </summary>
internal static class TamperTable
{
    private const string NotOfTheTrail = "not a part of the trail: ";

    private static readonly EntryHasher StrangersHasher = new("a secret that is only a stranger's, long enough"u8.ToArray());

    public static IReadOnlyList<TamperRow> Rows { get; } = [.. Head(), .. Hot(), .. Tree(), .. Sealed(), .. Indexes(), .. Others(), .. Whole()];

    private static IEnumerable<TamperRow> Head()
    {
        const string key = "{log}:head";
        yield return Audited(key, "a count of entries is edited", "head", log => log.EditAsync(log.Keys.Head, "entries", Digit));
        yield return Audited(key, "a count of a status is edited", "head", log => log.EditAsync(log.Keys.Head, "s:SUCCESS", Digit));
        yield return Audited(key, "the field of a status is deleted", "head", log => log.Db.HashDeleteAsync(log.Keys.Head, "s:ERROR"));
        yield return Audited(key, "the counts of two statuses are swapped", "head", log => log.SwapAsync(log.Keys.Head, "s:SUCCESS", log.Keys.Head, "s:ERROR"));
        yield return Audited(key, "a count of bytes is truncated", "head", log => log.EditAsync(log.Keys.Head, "bytes", value => value[..^1]));
        yield return Ignored(key, "the count of a minute is edited", "statistics of the last hour are wrong until the minute is over an hour ago", async log =>
        {
            var minute = (await log.Db.HashKeysAsync(log.Keys.Head)).First(field => field.ToString() is ['m', >= '0' and <= '9', ..]);
            await log.EditAsync(log.Keys.Head, minute, Digit);
        });
        yield return Audited(key, "its first entry is moved up, to hide entries", "dropped", log => log.Db.HashSetAsync(log.Keys.Head, "first", 512));
        yield return Audited(key, "its sealed mark is moved back", "head", log => log.Db.HashSetAsync(log.Keys.Head, "sealed", 1_024 + 1));
        yield return Guarded(key, "its end is moved back, to cut off entries", "The log ends at", log => log.Db.HashSetAsync(log.Keys.Head, "next", 1_690));
        yield return Guarded(key, "it is deleted", "The numbering of the log was started anew", log => log.DeleteAsync(log.Keys.Head));
        yield return Guarded(key, "an older copy is restored", "The log ends at", log => log.RestoreOlderAsync(log.Keys.Head));
    }

    private static IEnumerable<TamperRow> Hot()
    {
        const string entries = "{log}:entries:N";
        yield return Audited(entries, "a byte of a record is edited", "hash", log => log.EditHotAsync(1_500, Edited));
        yield return new TamperRow(
            entries, "a byte of a record is edited, and the entry verified", "`GET /api/v1/verify`: `valid: false`, hash mismatch",
            log => log.EditHotAsync(1_500, Edited),
            async log =>
            {
                var found = (await log.Process.Logs.FindAsync(log.Log.Entries[1_500].Entry.Id, default)).Found;
                var verdict = Domain.Verification.EntryVerification.Of(log.Log.Entries[1_500].Entry.Id, found.Stored.Record.Span, found.Side, Some.Hasher);
                Assert.That(verdict.Error, Does.StartWith("hash mismatch"));
            });
        yield return Audited(entries, "it is deleted", "record", log => log.DeleteAsync(log.Keys.Entries(5)));
        yield return Audited(entries, "it is truncated", "record", log => log.Db.ListTrimAsync(log.Keys.Entries(5), 0, 99));
        yield return new TamperRow(
            entries, "the last one is truncated, and an entry written", "the append is refused: the newest bundle lacks records",
            log => log.Db.ListTrimAsync(log.Keys.Entries(6), 0, 9),
            async log => await Assert.ThatAsync(() => log.Process.AppendAsync(Some.Entry()), Throws.InstanceOf<StoreUnavailableException>().Or.InstanceOf<RedisServerException>()));
        yield return Audited(entries, "two records are swapped", "binding", log => log.SwapHotAsync(1_500, 1_501));
        yield return Audited(entries, "two entries are swapped, with their ids and users", "leaf", async log =>
        {
            await log.SwapHotAsync(1_500, 1_501);
            foreach (var (id, place) in new[] { (log.IdOf(1_500), 1_501), (log.IdOf(1_501), 1_500) })
                await log.EditAsync(log.Keys.Ids, id, row => [.. Encoding.ASCII.GetBytes(place.ToString(System.Globalization.CultureInfo.InvariantCulture)), .. row[4..]]);
        });
        yield return Audited(entries, "an older copy is restored, of what is sealed by now", "key", log => log.RestoreOlderAsync(log.Keys.Entries(4)));
        yield return Audited(entries, "an entry is forged: the right formula, another secret", "hash", log => log.EditHotAsync(1_500, record =>
        {
            var entry = LogApiEntry(record);
            return EntryRecord.Encode(LogEntry.Create(entry.UserId, entry.Query, entry.Status, new DateTimeOffset(entry.Timestamp.Utc), StrangersHasher, id: entry.Id));
        }));
        yield return Audited(entries, "a dropped entry is put in the place of another", "leaf", async log =>
        {
            await log.Db.HashDeleteAsync(log.Keys.Ids, log.IdOf(1_500));
            await log.EditHotAsync(1_500, _ => log.Log.Entries[5].Record);
            await log.Db.HashSetAsync(log.Keys.Ids, log.IdOf(5), (byte[])[.. "1500:"u8, .. log.SideOfDropped(5)]);
        });
        yield return Audited(entries, "a dropped entry is replayed at the end, with all that belongs to it, and signed", "ids", log => log.ReplayAsync(5, log.SideOfDropped(5)));
        yield return Audited(entries, "an entry is replayed at the end, with all that belongs to it, and signed", "ids", async log =>
            await log.ReplayAsync(600, (await log.ReadSealedAsync(2)).SideAt(600 % 256).ToArray()));

        const string ids = "{log}:ids";
        yield return Audited(ids, "a byte of a tag is edited", "binding", log => log.EditAsync(log.Keys.Ids, log.IdOf(1_500), row => Flip(row, 7)));
        yield return Audited(ids, "a byte of a salt is edited", "leaf", log => log.EditAsync(log.Keys.Ids, log.IdOf(1_500), row => Flip(row, row.Length - 1)));
        yield return Audited(ids, "it is deleted", "binding", log => log.DeleteAsync(log.Keys.Ids));
        yield return Audited(ids, "two rows are swapped", "binding", log => log.SwapAsync(log.Keys.Ids, log.IdOf(1_500), log.Keys.Ids, log.IdOf(1_501)));
        yield return Audited(ids, "a row is truncated", "binding", log => log.EditAsync(log.Keys.Ids, log.IdOf(1_500), row => row[..20]));
        yield return Audited(ids, "an older copy is restored", "binding", log => log.RestoreOlderAsync(log.Keys.Ids));
        yield return Audited(ids, "a row is added", "ids", log => log.Db.HashSetAsync(log.Keys.Ids, new byte[16], "1500:x"));

        const string user = "{log}:user:U";
        yield return Audited(user, "a number is edited", "users", log => log.Db.ListSetByIndexAsync(log.Keys.User("ada"), 0, 99_999));
        yield return Audited(user, "it is deleted", "users", log => log.DeleteAsync(log.Keys.User("ada")));
        yield return Audited(user, "two of them are swapped", "users", log => log.SwapAsync(log.Keys.User("ada"), log.Keys.User("a:b")));
        yield return Audited(user, "it is truncated", "users", log => log.Db.ListTrimAsync(log.Keys.User("ada"), 0, -2));
        yield return Audited(user, "an older copy is restored", "users", log => log.RestoreOlderAsync(log.Keys.User("ada")));
        yield return Audited(user, "one is made up", "users", log => log.Db.ListRightPushAsync(log.Keys.User("nobody"), 1_500));

        const string users = "{log}:users";
        yield return Audited(users, "a count is edited", "users", log => log.Db.SortedSetIncrementAsync(log.Keys.Users, "ada", 1));
        yield return Audited(users, "it is deleted", "users", log => log.DeleteAsync(log.Keys.Users));
        yield return Audited(users, "the counts of two users are swapped", "users", async log =>
        {
            var (ada, bob) = (await log.Db.SortedSetScoreAsync(log.Keys.Users, "ada"), await log.Db.SortedSetScoreAsync(log.Keys.Users, "bob"));
            await log.Db.SortedSetAddAsync(log.Keys.Users, [new("ada", bob!.Value), new("bob", ada!.Value)]);
        });
        yield return Audited(users, "a user is taken out", "users", log => log.Db.SortedSetRemoveAsync(log.Keys.Users, "bob"));
        yield return Audited(users, "an older copy is restored", "users", log => log.RestoreOlderAsync(log.Keys.Users));
    }

    private static IEnumerable<TamperRow> Tree()
    {
        const string tree = "{log}:tree";
        yield return Guarded(tree, "the root is edited", "its right edge does not give its root", log => log.Db.HashSetAsync(log.Keys.Tree, "root", TreeHash.Empty.ToString()));
        yield return Audited(tree, "the root is edited", "tree", log => log.Db.HashSetAsync(log.Keys.Tree, "root", TreeHash.Empty.ToString()));
        yield return Audited(tree, "the checkpoint is edited", "signature", log => log.EditAsync(log.Keys.Tree, "note", note => Flip(note, note.Length - 10)));
        yield return Audited(tree, "a hash at its edge is edited", "root", log => log.EditAsync(log.Keys.Tree, "p0", hashes => Flip(hashes, 5)));
        yield return Audited(tree, "its edge is truncated", "tree", log => log.EditAsync(log.Keys.Tree, "p0", hashes => hashes[..^32]));
        yield return Audited(tree, "a tile that has no key of its own yet is edited", "tile", async log =>
        {
            var hashes = (byte[])(await log.Db.StringGetDeleteAsync(log.TileKey(5)))!;
            await log.Db.HashSetAsync(log.Keys.Tree, "t:0:5", Flip(hashes, 5));
        });
        yield return Guarded(tree, "it is deleted", "The store has no tree", log => log.DeleteAsync(log.Keys.Tree));
        yield return Audited(tree, "it is deleted", "tree", log => log.DeleteAsync(log.Keys.Tree));
        yield return Guarded(tree, "root and checkpoint are swapped", "its right edge does not give its root", log => log.SwapAsync(log.Keys.Tree, "root", log.Keys.Tree, "note"));
        yield return Guarded(tree, "an older copy is restored", "older copy", log => log.RestoreOlderAsync(log.Keys.Tree));
        yield return Audited(tree, "an older copy is restored", "tree", log => log.RestoreOlderAsync(log.Keys.Tree));
        yield return Guarded(tree, "tree and tiles are rewritten consistently over edited entries, signed with another key", "was not signed with this process's key", RewriteAsync);
        yield return Audited(tree, "tree and tiles are rewritten consistently over edited entries, signed with another key", "signature", RewriteAsync);

        const string tile = "tile:T:L:N";
        yield return Audited(tile, "a byte is edited", "tile", log => log.EditAsync(log.TileKey(2), hashes => Flip(hashes, 100)));
        yield return Audited(tile, "a byte of a dropped bundle's is edited", "tile", log => log.EditAsync(log.TileKey(0), hashes => Flip(hashes, 100)));
        yield return Audited(tile, "it is deleted", "tile", log => log.DeleteAsync(log.TileKey(2)));
        yield return Audited(tile, "two are swapped", "tile", log => log.SwapAsync(log.TileKey(1), log.TileKey(2)));
        yield return Audited(tile, "it is truncated", "tile", log => log.EditAsync(log.TileKey(2), hashes => hashes[..^32]));
    }

    private static IEnumerable<TamperRow> Sealed()
    {
        const string key = "sealed:N";
        yield return Audited(key, "a byte is edited", "record", log => log.EditAsync(log.Keys.Sealed(2), blob => Flip(blob, 0)));
        yield return Audited(key, "a record is edited, and the bundle written anew", "hash", log => log.EditSealedAsync(2, entries => entries[9] = entries[9] with { Record = Edited(entries[9].Record.ToArray()) }));
        yield return Audited(key, "a tag is edited, and the bundle written anew", "binding", log => log.EditSealedAsync(2, entries => entries[9] = entries[9] with { Side = Flip(entries[9].Side.ToArray(), 3) }));
        yield return Audited(key, "a salt is edited, and the bundle written anew", "leaf", log => log.EditSealedAsync(2, entries => entries[9] = entries[9] with { Side = Flip(entries[9].Side.ToArray(), 20) }));
        yield return Audited(key, "a record is taken out, and the bundle written anew", "record", log => log.EditSealedAsync(2, entries => entries[9] = entries[9] with { Record = default }));
        yield return Audited(key, "two entries are swapped, and the bundle written anew", "leaf", log => log.EditSealedAsync(2, entries => (entries[9], entries[10]) = (entries[10], entries[9])));
        yield return Audited(key, "an entry is made look redacted", "binding", log => log.EditSealedAsync(2, entries =>
        {
            var leaf = LogLeaf.Of(LogApiEntry(entries[9].Record.Span), entries[9].Side.Span[16..]);
            entries[9] = entries[9] with { Record = new RedactedRecord(leaf).Encode(), Side = entries[9].Side[..16] };
        }));
        yield return Audited(key, "it is deleted", "record", log => log.DeleteAsync(log.Keys.Sealed(2)));
        yield return Audited(key, "two are swapped", "leaf", log => log.SwapAsync(log.Keys.Sealed(2), log.Keys.Sealed(3)));
        yield return Audited(key, "it is truncated", "record", log => log.EditAsync(log.Keys.Sealed(2), blob => blob[..^20]));
        yield return Audited(key, "an older copy with the content of a redacted entry is restored", "redaction", log => log.RestoreOlderAsync(log.Keys.Sealed(1)));
        yield return Audited(key, "a dropped one is put back", "dropped", log => log.RestoreOlderAsync(log.Keys.Sealed(0)));

        const string part = "sealed:N:W:P";
        yield return Audited(part, "a byte is edited", "record", async log => await log.EditAsync((await log.SplitAsync(2)).First, blob => Flip(blob, 0)));
        yield return Audited(part, "it is deleted", "record", async log => await log.DeleteAsync((await log.SplitAsync(2)).Second));
        yield return Audited(part, "two are swapped", "record", async log =>
        {
            var (first, second) = await log.SplitAsync(2);
            await log.SwapAsync(first, second);
        });
        yield return Audited(part, "it is truncated", "record", async log => await log.EditAsync((await log.SplitAsync(2)).Second, blob => blob[..^9]));
        yield return Ignored("parts:N", "it is edited or deleted", "parts of a bundle that was written anew may be left behind", async log =>
        {
            await log.SplitAsync(2);
            await log.DeleteAsync(log.Keys.Parts(2));
        });

        const string dropped = "dropped:N";
        yield return Audited(dropped, "a byte is edited", "dropped", log => log.EditAsync(log.Keys.Dropped(0), note => Flip(note, 9)));
        yield return Audited(dropped, "it is deleted", "dropped", log => log.DeleteAsync(log.Keys.Dropped(0)));
        yield return Audited(dropped, "it is truncated", "dropped", log => log.EditAsync(log.Keys.Dropped(0), note => note[..^8]));
        yield return Audited(dropped, "it is put under another number", "dropped", log => log.Db.KeyRenameAsync(log.Keys.Dropped(0), log.Keys.Dropped(1)));
    }

    private static IEnumerable<TamperRow> Indexes()
    {
        const string times = "times:C";
        yield return Audited(times, "a byte is edited", "times", log => log.EditAsync(log.Keys.Times(0), rows => Flip(rows, (2 * 16) + 7)));
        yield return Audited(times, "a byte of a dropped bundle's is edited", "times", log => log.EditAsync(log.Keys.Times(0), rows => Flip(rows, 7)));
        yield return Audited(times, "it is deleted", "times", log => log.DeleteAsync(log.Keys.Times(0)));
        yield return Audited(times, "the rows of two bundles are swapped", "times", log => log.EditAsync(log.Keys.Times(0), rows => [.. rows[..32], .. rows[48..64], .. rows[32..48], .. rows[64..]]));
        yield return Audited(times, "it is truncated", "times", log => log.EditAsync(log.Keys.Times(0), rows => rows[..40]));
        yield return Audited(times, "an older copy is restored", "times", log => log.RestoreOlderAsync(log.Keys.Times(0)));

        const string chunks = "users:{B}:U";
        yield return Audited(chunks, "a bit is cleared", "users", log => log.Db.StringSetBitAsync(log.Keys.UserChunks("ada"), 0, bit: false));
        yield return Audited(chunks, "it is deleted", "users", log => log.DeleteAsync(log.Keys.UserChunks("ada")));
        yield return Audited(chunks, "one is made up", "users", log => log.Db.StringSetBitAsync(log.Keys.UserChunks("nobody"), 0, bit: true));

        const string bundles = "user:{B}:C:U";
        yield return Audited(bundles, "a bit is cleared", "users", log => log.Db.StringSetBitAsync(log.Keys.UserBundles("ada", 0), 2, bit: false));
        yield return Audited(bundles, "it is deleted", "users", log => log.DeleteAsync(log.Keys.UserBundles("ada", 0)));
        yield return Audited(bundles, "a user's is put in the place of another's", "users", log => log.Db.StringSetAsync(log.Keys.UserBundles("ada", 0), new byte[] { 0x08 }));
        yield return Audited(bundles, "it is truncated", "users", log => log.Db.StringSetAsync(log.Keys.UserBundles("ada", 0), RedisValue.EmptyString));
        yield return Audited(bundles, "an older copy is restored", "users", log => log.RestoreOlderAsync(log.Keys.UserBundles("ada", 0)));
        yield return Audited(bundles, "one is made up", "users", log => log.Db.StringSetBitAsync(log.Keys.UserBundles("nobody", 0), 2, bit: true));

        const string ids = "ids:B";
        yield return Audited(ids, "a number is edited", "ids", log => log.EditAsync(log.BucketOf(Other(log, 0)), log.IdOf(Other(log, 0)), Digit));
        yield return Audited(ids, "it is deleted", "ids", log => log.DeleteAsync(log.BucketOf(Other(log, 0))));
        yield return Audited(ids, "the rows of two ids are swapped", "ids", log =>
            log.SwapAsync(log.BucketOf(Other(log, 0)), log.IdOf(Other(log, 0)), log.BucketOf(Other(log, 1)), log.IdOf(Other(log, 1))));
        yield return Audited(ids, "a number is truncated", "ids", log => log.EditAsync(log.BucketOf(Other(log, 0)), log.IdOf(Other(log, 0)), value => value[..^1]));
        yield return Audited(ids, "a row is added", "ids", log =>
        {
            var id = Guid.NewGuid().ToByteArray(bigEndian: true);
            return log.Db.HashSetAsync(log.Keys.SealedIds(new IdFingerprint(id).Bucket), id, "600");
        });
        yield return Audited(ids, "the mark of a dropped id is deleted", "ids", log =>
            log.Db.HashDeleteAsync(log.BucketOf(97), new IdFingerprint(log.IdOf(97)).Bytes));
        yield return Audited(ids, "an older copy is restored", "ids", async log =>
        {
            await log.RestoreOlderAsync(log.BucketOf(97));
        });
    }

    private static IEnumerable<TamperRow> Others()
    {
        const string audit = "{log}:audit";
        yield return new TamperRow(audit, "a byte of what is known of an audit is edited", "the audit's state is `damaged`",
            log => log.EditAsync(log.Keys.Audits, log.Remembered[0].Id.ToString(), json => Flip(json, 200)), log => AssertAuditAsync(log, AuditState.Damaged));
        yield return new TamperRow(audit, "it is truncated", "the audit's state is `damaged`",
            log => log.EditAsync(log.Keys.Audits, log.Remembered[0].Id.ToString(), json => json[..^1]), log => AssertAuditAsync(log, AuditState.Damaged));
        yield return new TamperRow(audit, "two audits are swapped", "the audit's state is `damaged`",
            log => log.SwapAsync(log.Keys.Audits, log.Remembered[0].Id.ToString(), log.Keys.Audits, log.Remembered[1].Id.ToString()), log => AssertAuditAsync(log, AuditState.Damaged));
        yield return new TamperRow(audit, "it is deleted", "404: the audit is not remembered any more", log => log.DeleteAsync(log.Keys.Audits), log => AssertAuditAsync(log, state: null));

        const string session = "session:D";
        yield return Session("a byte is edited", log => log.EditAsync(log.Keys.Session(log.AdasToken.Digest), value => Flip(value, 0)));
        yield return Session("it is deleted", log => log.DeleteAsync(log.Keys.Session(log.AdasToken.Digest)));
        yield return Session("two are swapped", log => log.SwapAsync(log.Keys.Session(log.AdasToken.Digest), log.Keys.Session(log.EvesToken.Digest)));
        yield return Session("it is truncated", log => log.EditAsync(log.Keys.Session(log.AdasToken.Digest), value => value[..^1]));
        yield return new TamperRow(
            session, "one that has ended is restored", NotOfTheTrail + "who still has the token is logged in again",
            async log =>
            {
                var value = await log.Db.StringGetAsync(log.Keys.Session(log.AdasToken.Digest));
                await log.Sessions.EndAsync(log.AdasToken, default);
                await log.Db.StringSetAsync(log.Keys.Session(log.AdasToken.Digest), value);
            },
            async log => Assert.That((await log.Sessions.FindAsync(log.AdasToken, default))?.Value, Is.EqualTo("ada")));

        yield return Request("a byte is edited", "`request_record_damaged`", RequestState.Damaged, log => log.EditAsync(log.Keys.Request(TamperedLog.RequestNames[0]), value => Flip(value, 40)));
        yield return Request("two are swapped", "`request_record_damaged`", RequestState.Damaged, log => log.SwapAsync(log.Keys.Request(TamperedLog.RequestNames[0]), log.Keys.Request(TamperedLog.RequestNames[1])));
        yield return Request("it is truncated", "`request_record_damaged`", RequestState.Damaged, log => log.EditAsync(log.Keys.Request(TamperedLog.RequestNames[0]), value => value[..^1]));
        yield return Request("it is deleted", NotOfTheTrail + "the request counts as a new one", RequestState.First, log => log.DeleteAsync(log.Keys.Request(TamperedLog.RequestNames[0])));
        yield return Ignored("{request:D}:claim", "it is made up or edited", "the request has to wait until it ends by itself", log => log.Db.StringSetAsync(log.Keys.RequestClaim("third"), "x"));

        foreach (var (name, key) in new (string, Func<TamperedLog, RedisKey>)[]
        {
            ("{log}:keeper", log => log.Keys.Keeper), ("{log}:integrator", log => log.Keys.Integrator), ("{log}:auditor", log => log.Keys.Auditor),
        })
        {
            yield return Ignored(name, "it is edited or made up", "nobody does the work until it ends by itself; deleted, two may do it, which does no harm", log => log.Db.StringSetAsync(key(log), "somebody"));
        }

        yield return Ignored("{log}:probe", "it is edited or deleted", "the next readiness check writes it anew", log => log.Db.StringSetAsync(log.Keys.Probe, "x"));
        yield return Ignored("{live}:processes", "it is edited or deleted", "the count of live connections is wrong until the next count", log => log.Db.StringSetAsync(log.Keys.Processes, "x"));
        yield return Ignored("{live}:process:P", "it is edited or deleted", "the count of live connections is wrong until the next count", log => log.Db.StringSetAsync(log.Keys.Process("x"), "x"));
        yield return Audited("any other key", "it is made up below the prefix", "key", log => log.Db.StringSetAsync(log.Keys.Prefix + "other", "x"));
        yield return Audited("any other key", "a sealed bundle behind the end of the log is made up", "key", log => log.Db.StringSetAsync(log.Keys.Sealed(99), "x"));
    }

    private static IEnumerable<TamperRow> Whole()
    {
        const string key = "the whole store";
        yield return Guarded(key, "an older copy is restored", "older copy", log => log.Older.RestoreAsync());
        yield return Audited(key, "an older copy is restored", "tree", log => log.Older.RestoreAsync());
        yield return Guarded(key, "it is emptied", "The store has no tree", log => StoreCopy.FlushAsync(log.Process.Connection));
        yield return Guarded(key, "the last entries are cut off with all that belongs to them", "The log ends at", async log =>
        {
            await log.Db.ListTrimAsync(log.Keys.Entries(6), 0, 99);
            await log.Db.HashSetAsync(log.Keys.Head, "next", (6 * 256) + 100);
        });
    }

    private static TamperRow Audited(string key, string change, string check, Func<TamperedLog, Task> changeAsync) => new(
        key, change, $"audit: `{check}`",
        changeAsync,
        async log =>
        {
            var report = await log.Audit.AuditAsync();
            Assert.That(report.Findings.Select(finding => finding.Check), Does.Contain(check), string.Join('\n', report.Findings));
            Assert.That(report.IsIntact, Is.False);
        });

    private static TamperRow Guarded(string key, string change, string refusal, Func<TamperedLog, Task> changeAsync) => new(
        key, change, $"the service refuses to sign: \"{refusal} …\"", changeAsync,
        async log =>
        {
            await log.Witness.Guard.CheckAsync(log.Db, default);
            Assert.That(log.Witness.Guard.Refusal, Is.Not.Null.And.Contains(refusal));
        });

    private static TamperRow Session(string change, Func<TamperedLog, Task> changeAsync) => new(
        "session:D", change, "401", changeAsync, async log => Assert.That(await log.Sessions.FindAsync(log.AdasToken, default), Is.Null));

    private static TamperRow Request(string change, string notice, RequestState state, Func<TamperedLog, Task> changeAsync) => new(
        "{request:D}", change, notice, changeAsync, async log =>
        {
            await using var claim = await log.Requests.ClaimAsync(TamperedLog.RequestNames[0], new byte[32], default);
            Assert.That(claim.State, Is.EqualTo(state));
        });

    private static TamperRow Ignored(string key, string change, string consequence, Func<TamperedLog, Task> changeAsync) => new(
        key, change, NotOfTheTrail + consequence, changeAsync,
        async log => Assert.That((await log.Audit.AuditAsync()).Findings, Is.Empty));

    private static async Task AssertAuditAsync(TamperedLog log, AuditState? state) =>
        Assert.That((await log.Audits.FindAsync(log.Remembered[0].Id, default))?.State, Is.EqualTo(state));

    private static async Task RewriteAsync(TamperedLog log)
    {
        await log.EditHotAsync(1_500, Edited);
        var edge = TreeEdge.CreateEmpty();
        var full = new List<(Tile Tile, byte[] Hashes)>();
        foreach (var (entry, _) in log.Log.Entries) edge.Append(TreeHash.OfLeaf(EntryRecord.Encode(entry)), (tile, hashes) => full.Add((tile, hashes)));
        Assert.That(CheckpointSigner.TryCreate(CheckpointSigner.Generate(AuditPart.Signer.Key.Name), out var stranger, out _));
        using var signer = stranger!;
        var checkpoint = new Checkpoint(signer.Key.Name, edge.Size, edge.Root());
        var epoch = (await log.Db.HashGetAsync(log.Keys.Head, "epoch")).ToString();
        var forged = new Infrastructure.Redis.Tree.TreeState().With(epoch, edge, checkpoint, signer.Sign(checkpoint), Some.Time);
        await log.Db.KeyDeleteAsync(log.Keys.Tree);
        await log.Db.HashSetAsync(log.Keys.Tree, [.. forged.Write().Chunk(2).Select(pair => new HashEntry(pair[0], pair[1]))]);
        foreach (var (tile, hashes) in full) await log.Db.StringSetAsync(log.Keys.Tile(signer.Key.Name, tile.Level, tile.Index), hashes);
    }

    private static int Other(TamperedLog log, int index) => log.Others().ElementAt(index);

    private static LogEntry LogApiEntry(ReadOnlySpan<byte> record) =>
        EntryRecord.TryDecode(record, out var entry, out var problem) ? entry : throw new InvalidOperationException(problem);

    // The first letter of the query: SELECT becomes TELECT.
    private static byte[] Edited(byte[] record)
    {
        var edited = record.ToArray();
        edited[edited.AsSpan().IndexOf("SELECT"u8)]++;
        return edited;
    }

    private static byte[] Digit(byte[] number) => [.. number[..^1], (byte)(number[^1] == '9' ? '8' : number[^1] + 1)];

    private static byte[] Flip(byte[] value, int at)
    {
        var flipped = value.ToArray();
        flipped[at] ^= 1;
        return flipped;
    }
}
