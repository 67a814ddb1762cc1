using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Holds the indexes of the hot part against its entries: the users' lists and the ids.</summary>
internal sealed class HotAudit(AuditReads reads, AuditOptions options)
{
    private const int Attempts = 4;

    /// <summary>Looks at the hot part as a whole.</summary>
    /// <returns>The users who have entries in it.</returns>
    public async Task<HotUsers> AuditAsync(RecordCount count, FindingList findings, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wrong = new FindingList(options.MaxFindings);
            var users = await AuditOnceAsync(count, wrong, cancellationToken);
            if (wrong.IsEmpty || attempt == Attempts)
            {
                findings.Add(wrong);
                return users;
            }

            await reads.SettleAsync(attempt, cancellationToken);
        }
    }

    private async Task<HotUsers> AuditOnceAsync(RecordCount count, FindingList wrong, CancellationToken cancellationToken)
    {
        var snapshot = await reads.ReadAsync(db => CountSnapshot.ReadAsync(db, reads.Keys), cancellationToken);
        var before = snapshot.Head;
        if (before.Sealed < 0 || before.Next < before.Sealed) return new HotUsers(new HashSet<string>(StringComparer.Ordinal), 0);
        var expected = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        for (var at = before.Sealed; at < before.Next; at += RedisKeys.BundleSize)
        {
            var bundle = at / RedisKeys.BundleSize;
            var end = (int)Math.Min(RedisKeys.BundleSize, before.Next - at);
            var facts = await count.ReadAsync(before, bundle, 0, end, cancellationToken, (place, user) =>
            {
                if (BundleContent.Unescape(user) is not { } name) return;
                if (!expected.TryGetValue(name, out var numbers)) expected[name] = numbers = [];
                numbers.Add((bundle * RedisKeys.BundleSize) + place);
            });
            if (facts.IsSealed) break;
        }

        var users = expected.Keys.ToList();
        var lists = await reads.ReadEachAsync(users, (db, user) => db.ListRangeAsync(reads.Keys.User(user)), cancellationToken);
        var after = await reads.ReadHeadAsync(cancellationToken);
        foreach (var (i, user) in users.Index()) Compare(wrong, user, expected[user], lists[i], before, after);
        if (!before.IsTorn && snapshot.Ids != before.Next - before.Sealed) await NameIdsAsync(wrong, cancellationToken);
        return new HotUsers(users.ToHashSet(StringComparer.Ordinal), before.Next);
    }

    private static void Compare(FindingList wrong, string user, List<long> expected, RedisValue[] stored, AuditHead before, AuditHead after)
    {
        bool IsCovered(long number) => number >= after.Sealed && number < before.Next;
        var numbers = new List<long>(stored.Length);
        foreach (var value in stored)
        {
            var number = long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
            if (IsCovered(number)) numbers.Add(number);
            else if (number < before.Sealed || (number >= after.Next && !after.IsTorn))
                wrong.Add(AuditChecks.Users, $"the list of user {user} names the entry {value}, which is not in the hot part");
        }

        var wanted = expected.Where(IsCovered).ToList();
        foreach (var number in wanted.Except(numbers)) wrong.Add(number, AuditChecks.Users, $"the list of user {user} does not have the entry");
        foreach (var number in numbers.Except(wanted)) wrong.Add(number, AuditChecks.Users, $"the list of user {user} has the entry, which is another user's");
        if (numbers.Count != numbers.Distinct().Count() || !numbers.SequenceEqual(numbers.Order()))
            wrong.Add(AuditChecks.Users, $"the list of user {user} is not in order, or names an entry twice");
    }

    // Each entry of the hot part has the row that it should have, or is told of: what is left are rows of no entry.
    private async Task NameIdsAsync(FindingList wrong, CancellationToken cancellationToken)
    {
        var head = await reads.ReadHeadAsync(cancellationToken);
        var extra = new List<string>();
        var lists = new Dictionary<long, RedisValue[]>();
        await reads.ReadAsync(
            async db =>
            {
                extra.Clear();
                await foreach (var row in db.HashScanAsync(reads.Keys.Ids, pageSize: 1_000).WithCancellation(cancellationToken))
                {
                    var name = Convert.ToHexStringLower((byte[])row.Name!);
                    if (!IdRow.TryParse(row.Value, out var sequence, out _) || sequence < head.Sealed || (sequence >= head.Next && !head.IsTorn))
                    {
                        extra.Add(name);
                        continue;
                    }

                    var (bundle, place) = Math.DivRem(sequence, RedisKeys.BundleSize);
                    if (!lists.TryGetValue(bundle, out var records)) lists[bundle] = records = await db.ListRangeAsync(reads.Keys.Entries(bundle));
                    var id = new byte[UuidBytes.Length];
                    if (place < records.Length && UuidBytes.TryReadFromRecord(((ReadOnlyMemory<byte>)records[place]).Span, id) && !id.AsSpan().SequenceEqual((byte[])row.Name!))
                        extra.Add(name);
                }

                return true;
            },
            cancellationToken);
        foreach (var name in extra) wrong.Add(AuditChecks.Ids, $"the ids of the hot part have {name}, which is no entry's there");
    }
}

/// <summary>Who has entries in the hot part.</summary>
/// <param name="Names">The users.</param>
/// <param name="Next">The end of the log when that was so.</param>
internal sealed record HotUsers(IReadOnlySet<string> Names, long Next);
