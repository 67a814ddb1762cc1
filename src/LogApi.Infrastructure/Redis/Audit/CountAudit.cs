using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Keeping;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>
/// Holds what is counted of the log against its records: of one moment, with what came, was dropped or was redacted while the
/// audit ran.
/// </summary>
internal sealed class CountAudit(AuditReads reads, AuditKeys keys)
{
    private const int Attempts = 20;
    private const int MostMismatches = 3;
    private const int MostNamed = 1_000_000;

    /// <summary>Looks at what is counted.</summary>
    /// <returns>Why that could not be done; null when it could.</returns>
    public async Task<string?> AuditAsync(AuditRecord record, RecordCount count, FindingList findings, CancellationToken cancellationToken)
    {
        var tail = new Tail(record.Size);
        var redactions = record.RedactionsBefore;
        var wrong = new FindingList(int.MaxValue);
        var mismatches = 0;
        var obstacle = "";
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (attempt > 1) await reads.SettleAsync(Math.Min(attempt, 10), cancellationToken);
            var snapshot = await reads.ReadAsync(db => CountSnapshot.ReadAsync(db, reads.Keys), cancellationToken);
            var head = snapshot.Head;
            if (head.IsTorn || head.IsRedacting)
            {
                obstacle = head.IsTorn ? "an append was cut off by a crash, and is taken out when the service writes next" : "an entry is being redacted";
                continue;
            }

            wrong = new FindingList(int.MaxValue);
            AuditMarks(record, head, wrong);
            if (wrong.IsEmpty)
            {
                if (redactions != head.Redactions && attempt > 1) tail = new Tail(record.Size);
                await tail.ReadAsync(count, head, cancellationToken);
                if (redactions != head.Redactions)
                {
                    // Each is told of by an entry behind those that the audit covers.
                    if (redactions < 0) count.Clear();
                    foreach (var bundle in tail.Told) count.Forget(bundle);
                    redactions = head.Redactions;
                }

                obstacle = await AuditAsync(record, count, tail, snapshot, wrong, cancellationToken) ?? "";
                if (obstacle.Length > 0) continue;
            }

            if (wrong.IsEmpty) return null;
            if (++mismatches == MostMismatches) break;
        }

        findings.Add(wrong);
        return wrong.IsEmpty && obstacle.Length > 0 ? "What is counted in the head and of users was not held against the entries: " + obstacle + "." : null;
    }

    private static void AuditMarks(AuditRecord record, AuditHead head, FindingList wrong)
    {
        if (head.Epoch.Length == 0) wrong.Add(AuditChecks.Head, "the head is gone, or does not name its epoch");
        if (head.First < 0 || head.Sealed < head.First || head.Next < head.Sealed || head.First % RedisKeys.BundleSize != 0 || head.Sealed % RedisKeys.BundleSize != 0)
            wrong.Add(AuditChecks.Head, $"the head says that the log begins at {head.First}, is sealed to {head.Sealed} and ends at {head.Next}, which can't be");
        if (head.Next < record.Size)
            wrong.Add(AuditChecks.Head, $"the head says that the log ends at {head.Next}, but {record.Size} entries are signed");
    }

    private async Task<string?> AuditAsync(
        AuditRecord record, RecordCount count, Tail tail, CountSnapshot snapshot, FindingList wrong, CancellationToken cancellationToken)
    {
        var head = snapshot.Head;
        var from = Math.Min(head.FirstBundle, record.Target.Bundles);
        var sum = (await count.SumAsync(head, from, record.Target.Bundles, cancellationToken)).Plus(tail.Sum(keys, head));
        Compare(wrong, "entries", head.Number("entries"), head.Next - head.First);
        Compare(wrong, "bytes", head.Number("bytes"), sum.Bytes);
        if (head.Number("statuses") != head.Statuses().LongCount())
            wrong.Add(AuditChecks.Head, "the head does not count as many statuses as it has");
        var statuses = keys.Of(AuditHead.Rest, head.Number("s:" + AuditHead.Rest));
        foreach (var (status, number) in head.Statuses()) statuses = unchecked(statuses + keys.Of(status, number));
        if (statuses != sum.Statuses)
            wrong.Add(AuditChecks.Head, "what the head counts of each status is not what the entries have");
        if (head.First == 0 && tail.Redacted + record.Redacted > head.Redactions)
            wrong.Add(AuditChecks.Head, $"the head counts {head.Redactions} redactions, but more entries are redacted");

        if (snapshot.Users is { } users)
        {
            var total = UInt128.Zero;
            foreach (var (user, number) in users) total = unchecked(total + keys.Of(user, number));
            if (total != sum.Users) await NameUsersAsync(record, count, tail, head, users, wrong, cancellationToken);
            return null;
        }

        return await CompareManyAsync(head, sum.Users, wrong, cancellationToken);
    }

    private static void Compare(FindingList wrong, string field, long stored, long counted)
    {
        if (stored != counted) wrong.Add(AuditChecks.Head, $"the head counts {stored} {field}, but there are {counted}");
    }

    /// <summary>Too many users for one read: it only says something when nothing changes meanwhile.</summary>
    private async Task<string?> CompareManyAsync(AuditHead before, UInt128 expected, FindingList wrong, CancellationToken cancellationToken)
    {
        var total = UInt128.Zero;
        await reads.ReadAsync(
            async db =>
            {
                total = UInt128.Zero;
                var seen = new HashSet<string>(StringComparer.Ordinal);
                await foreach (var user in db.SortedSetScanAsync(reads.Keys.Users, pageSize: 1_000).WithCancellation(cancellationToken))
                {
                    if (seen.Add(user.Element.ToString())) total = unchecked(total + keys.Of(user.Element.ToString(), (long)user.Score));
                }

                return true;
            },
            cancellationToken);
        var after = await reads.ReadHeadAsync(cancellationToken);
        if (after.Next != before.Next || after.First != before.First || after.Redactions != before.Redactions || after.IsRedacting)
            return "there are too many users to be read at once, and entries come in all the time";
        if (total != expected) wrong.Add(AuditChecks.Users, "how many entries the users have is not what is counted of them");
        return null;
    }

    private static async Task NameUsersAsync(
        AuditRecord record,
        RecordCount count,
        Tail tail,
        AuditHead head,
        IReadOnlyDictionary<string, long> stored,
        FindingList wrong,
        CancellationToken cancellationToken)
    {
        var counted = new Dictionary<string, long>(StringComparer.Ordinal);
        var from = Math.Min(head.FirstBundle, record.Target.Bundles);
        for (var bundle = from; bundle < record.Target.Bundles && counted.Count < MostNamed; bundle++)
            Add(counted, (await count.ReadAsync(head, bundle, 0, record.Target.CountIn(bundle), cancellationToken)).Counts);
        foreach (var piece in tail.Kept(head)) Add(counted, piece.Counts);
        var before = wrong.Kept.Count;
        foreach (var user in stored.Keys.Union(counted.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (says, has) = (stored.GetValueOrDefault(user), counted.GetValueOrDefault(user));
            if (says != has) wrong.Add(AuditChecks.Users, $"the store counts {says} entries of user {user}, but there are {has}");
        }

        if (wrong.Kept.Count == before) wrong.Add(AuditChecks.Users, "how many entries the users have is not what is counted of them");
    }

    private static void Add(Dictionary<string, long> counted, EntryCounts counts)
    {
        foreach (var (user, number) in counts.Users)
        {
            if (BundleContent.Unescape(user) is { } name) counted[name] = counted.GetValueOrDefault(name) + number;
        }
    }

    /// <summary>The entries behind those that the audit covers, in pieces of a bundle.</summary>
    private sealed class Tail(long start)
    {
        private readonly List<BundleFacts> _pieces = [];
        private long _end = start;

        public long Redacted => _pieces.Sum(piece => (long)piece.Redacted.Count);

        /// <summary>The bundles of which an entry was redacted.</summary>
        public IEnumerable<long> Told => _pieces.SelectMany(piece => piece.Tellings).Select(telling => telling.Target / RedisKeys.BundleSize);

        public async Task ReadAsync(RecordCount count, AuditHead head, CancellationToken cancellationToken)
        {
            while (_end < head.Next)
            {
                var (bundle, first) = Math.DivRem(_end, RedisKeys.BundleSize);
                var stop = Math.Min(head.Next, (bundle + 1) * RedisKeys.BundleSize);
                _pieces.Add(await count.ReadAsync(head, bundle, (int)first, (int)(stop - (bundle * RedisKeys.BundleSize)), cancellationToken));
                _end = stop;
            }
        }

        public IEnumerable<BundleFacts> Kept(AuditHead head) => _pieces.Where(piece => piece.Bundle >= head.FirstBundle);

        public ChunkTotals Sum(AuditKeys keys, AuditHead head) => ChunkAudit.Sum(keys, -1, 0, 0, Kept(head), ChunkAudit.NamedStatuses(head));
    }
}
