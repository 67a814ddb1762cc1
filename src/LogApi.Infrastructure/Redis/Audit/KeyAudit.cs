using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>
/// Goes through all keys below the prefix: what belongs to no entry that is kept is somebody else's doing, such as an entry that was
/// put back. What is in the keys that belong was looked at before, but for rows that lead nowhere.
/// </summary>
internal sealed class KeyAudit(AuditReads reads, RedisConnection connection, SealedStore store, AuditOptions options)
{
    private const int Page = 1_000;

    private static readonly string[] Single = ["head", "ids", "users", "keeper", "integrator", "auditor", "audit", "tree", "probe"];

    /// <summary>Looks at all keys.</summary>
    /// <param name="record">The audit.</param>
    /// <param name="expectedRows">How many rows the ids have that don't tell their entry's time, of the sealed bundles of a range.</param>
    /// <param name="hot">Who has entries in the hot part.</param>
    /// <param name="findings">Is given what is wrong.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AuditAsync(
        AuditRecord record,
        Func<AuditHead, long, long, Task<long>> expectedRows,
        HotUsers hot,
        FindingList findings,
        CancellationToken cancellationToken)
    {
        var suspects = new List<string>();
        var buckets = new List<int>();
        var before = await reads.ReadHeadAsync(cancellationToken);
        var users = new List<(string Key, string User)>();
        await foreach (var name in NamesAsync(cancellationToken))
        {
            var kind = Classify(name, before, record, hot, users, buckets);
            if (kind is not null) suspects.Add(name);
        }

        await AuditUsersAsync(users, suspects, cancellationToken);

        // What was on its way is where it belongs by now, or gone.
        if (suspects.Count > 0) await reads.SettleAsync(20, cancellationToken);
        var head = await reads.ReadHeadAsync(cancellationToken);
        var alive = await reads.ReadEachAsync(suspects, (db, name) => db.KeyExistsAsync(PrefixOf() + name), cancellationToken);
        var left = new List<(string Key, string User)>();
        foreach (var (i, name) in suspects.Index())
        {
            if (!alive[i] || await IsNewAsync(name, hot, cancellationToken)) continue;
            if (Classify(name, head, record, hot, left, []) is { } problem) findings.Add(problem);
        }

        var gone = new List<string>();
        await AuditUsersAsync([.. left.Where(row => suspects.Contains(row.Key))], gone, cancellationToken);
        foreach (var name in gone) findings.Add(AuditChecks.Users, $"the index of users has {name}, of a user who has no entries");
        await AuditRowsAsync(record, buckets, expectedRows, findings, cancellationToken);
    }

    // The list of a user who has written since the hot part was looked at.
    private async Task<bool> IsNewAsync(string name, HotUsers hot, CancellationToken cancellationToken)
    {
        if (!name.StartsWith("{log}:user:", StringComparison.Ordinal)) return false;
        var last = await reads.ReadAsync(db => db.ListGetByIndexAsync(PrefixOf() + name, -1), cancellationToken);
        return last.TryParse(out long number) && number >= hot.Next;
    }

    private async IAsyncEnumerable<string> NamesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = PrefixOf();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in connection.Servers.Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            await foreach (var key in server.KeysAsync(connection.Database.Database, prefix + "*", Page).WithCancellation(cancellationToken))
            {
                var name = ((string)key!)[prefix.Length..];
                if (seen.Add(name)) yield return name;
            }
        }
    }

    /// <summary>Says what is wrong with a key by its name; null when nothing is, as far as that goes.</summary>
    private AuditFinding? Classify(
        string name, AuditHead head, AuditRecord record, HotUsers hot, List<(string Key, string User)> users, List<int> buckets)
    {
        var parts = name.Split(':', 3);
        switch (parts)
        {
            case ["{log}", var single] when Single.Contains(single, StringComparer.Ordinal):
            case ["session", _]:
            case ["{live}", ..]:
            case ["parts", _]:
            case [['{', 'r', 'e', 'q', 'u', 'e', 's', 't'], ..]:
                return null;
            case ["{log}", "entries", var bundle] when IsNumber(bundle, out var number):
                return number < head.SealedBundles || number * RedisKeys.BundleSize >= head.Next ? Of(number, "the store holds entries that are not in the hot part of the log", AuditChecks.Key) : null;
            case ["{log}", "user", var user]:
                return hot.Names.Contains(user) ? null : new AuditFinding(From: null, To: null, AuditChecks.Users, $"the store has a list of entries of user {user} in the hot part, but there are none");
            case ["sealed", var bundle, ..] when IsNumber(bundle, out var number):
                return number * RedisKeys.BundleSize < head.First && number * RedisKeys.BundleSize >= head.DroppingEnd ? Of(number, "these entries were dropped, but the store holds some again", AuditChecks.Dropped)
                    : (number + 1) * RedisKeys.BundleSize > head.Next ? Of(number, "the store holds a sealed bundle of entries behind the end of the log", AuditChecks.Key) : null;
            case ["dropped", var bundle] when IsNumber(bundle, out var number):
                return number * RedisKeys.BundleSize >= Math.Max(head.First, head.DroppingEnd) ? Of(number, "the store says that these entries were dropped, but they are kept", AuditChecks.Dropped) : null;
            case ["times", var chunk] when IsNumber(chunk, out var number):
                return number * TimeChunk.Bundles * RedisKeys.BundleSize >= head.Next ? new AuditFinding(null, null, AuditChecks.Key, $"the store holds {name}, an index of entries that are not in the log") : null;
            case ["ids", { Length: 4 } bucket] when int.TryParse(bucket, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number):
                buckets.Add(number);
                return null;
            case ["tile", _, _]:
                return null;
            case ["users", _, var user]:
                return Indexed(name, user, reads.Keys.UserChunks(user), users);
            case ["user", _, var rest] when rest.Split(':', 2) is [var chunk, var user] && IsNumber(chunk, out var number):
                return Indexed(name, user, reads.Keys.UserBundles(user, number), users);
            default:
                return new AuditFinding(null, null, AuditChecks.Key, $"the store holds {name}, a key that this service does not write");
        }
    }

    private AuditFinding? Indexed(string name, string user, RedisKey expected, List<(string Key, string User)> users)
    {
        if ((string)expected! != PrefixOf() + name) return new AuditFinding(null, null, AuditChecks.Key, $"the store holds {name}, a key that this service does not write");
        users.Add((name, user));
        return null;
    }

    private async Task AuditUsersAsync(List<(string Key, string User)> users, List<string> suspects, CancellationToken cancellationToken)
    {
        var names = users.Select(row => row.User).Distinct(StringComparer.Ordinal).ToList();
        var scores = await reads.ReadEachAsync(names, (db, user) => db.SortedSetScoreAsync(reads.Keys.Users, user), cancellationToken);
        var gone = names.Where((_, i) => scores[i] is null).ToHashSet(StringComparer.Ordinal);
        suspects.AddRange(users.Where(row => gone.Contains(row.User)).Select(row => row.Key));
    }

    /// <summary>Counts the rows of ids, each of which was looked at from its entry: are there more, some lead nowhere.</summary>
    private async Task AuditRowsAsync(
        AuditRecord record, List<int> buckets, Func<AuditHead, long, long, Task<long>> expectedRows, FindingList findings, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = await reads.ReadHeadAsync(cancellationToken);
            var rows = new List<(byte[] Id, long Sequence)>();
            var odd = new FindingList(options.MaxFindings);
            foreach (var bucket in buckets)
            {
                var read = await reads.ReadAsync(db => db.HashGetAllAsync(reads.Keys.SealedIds(bucket)), cancellationToken);
                foreach (var row in read) AddRow(rows, odd, bucket, row);
            }

            var head = await reads.ReadHeadAsync(cancellationToken);
            var (from, to) = (Math.Max(head.First, head.DroppingEnd), Math.Min(before.Sealed, record.Size / RedisKeys.BundleSize * RedisKeys.BundleSize));
            var expected = from >= to ? 0 : await expectedRows(head, from / RedisKeys.BundleSize, to / RedisKeys.BundleSize);
            var found = rows.LongCount(row => row.Sequence >= from && row.Sequence < to);
            foreach (var row in rows.Where(row => row.Sequence < from && row.Sequence >= head.DroppingEnd || row.Sequence >= head.Next))
                odd.Add(AuditChecks.Ids, $"the index of ids has {Convert.ToHexStringLower(row.Id)}, which leads to entry {row.Sequence}, where the log has none");
            if (found > expected) await NameRowsAsync(rows.Where(row => row.Sequence >= from && row.Sequence < to), odd, cancellationToken);
            if (odd.IsEmpty || attempt == 3)
            {
                findings.Add(odd);
                return;
            }

            await reads.SettleAsync(attempt * 4, cancellationToken);
        }
    }

    private static void AddRow(List<(byte[] Id, long Sequence)> rows, FindingList odd, int bucket, HashEntry row)
    {
        var name = (byte[])row.Name!;
        var isRight = name.Length == IdFingerprint.Length
            ? row.Value == SealedIds.DroppedMark && ((name[0] << 8) | name[1]) == bucket
            : name.Length == UuidBytes.Length && new IdFingerprint(name).Bucket == bucket && IsNumber(row.Value.ToString(), out _);
        if (!isRight) odd.Add(AuditChecks.Ids, $"the index of ids has a row {Convert.ToHexStringLower(name)} that this service does not write");
        else if (name.Length == UuidBytes.Length) rows.Add((name, (long)row.Value));
    }

    private async Task NameRowsAsync(IEnumerable<(byte[] Id, long Sequence)> rows, FindingList odd, CancellationToken cancellationToken)
    {
        foreach (var group in rows.GroupBy(row => row.Sequence / RedisKeys.BundleSize))
        {
            if (await reads.ReadAsync(db => store.FindAsync(db, group.Key), cancellationToken) is not { } content) continue;
            foreach (var (id, sequence) in group)
            {
                if (content.Find(id) == sequence % RedisKeys.BundleSize) continue;
                odd.Add(sequence, AuditChecks.Ids, $"the index of ids leads from {Convert.ToHexStringLower(id)} to the entry, which has another id");
            }
        }
    }

    private static AuditFinding Of(long bundle, string what, string check) =>
        new(bundle * RedisKeys.BundleSize, ((bundle + 1) * RedisKeys.BundleSize) - 1, check, what);

    private static bool IsNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text == number.ToString(CultureInfo.InvariantCulture);

    private string PrefixOf() => reads.Keys.Prefix;
}
