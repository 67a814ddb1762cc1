using System.Buffers.Binary;
using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Holds the indexes of the sealed part against the bundles of one chunk.</summary>
internal sealed class IndexAudit(AuditReads reads, SealedIds ids, AuditOptions options)
{
    private const int Attempts = 4;
    private const int LookUpAtOnce = 64;

    /// <summary>Looks at what the indexes have of neighbouring bundles.</summary>
    /// <param name="findings">Is given what is wrong.</param>
    /// <param name="head">A head that was read before the bundles were.</param>
    /// <param name="facts">The bundles.</param>
    /// <param name="latest">The latest time of an entry before them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AuditAsync(
        FindingList findings, AuditHead head, IReadOnlyList<BundleFacts> facts, long latest, CancellationToken cancellationToken)
    {
        await AuditTimesAsync(findings, facts, cancellationToken);
        await AuditUsersAsync(findings, facts, cancellationToken);
        await AuditOtherIdsAsync(findings, head, facts, cancellationToken);
        await AuditTwinsAsync(findings, facts, latest, cancellationToken);
    }

    private async Task AuditTimesAsync(FindingList findings, IReadOnlyList<BundleFacts> facts, CancellationToken cancellationToken)
    {
        var chunk = facts[0].Bundle / TimeChunk.Bundles;
        ReadOnlyMemory<byte> rows = await reads.ReadAsync(db => db.StringGetAsync(reads.Keys.Times(chunk)), cancellationToken);
        foreach (var bundle in facts)
        {
            if (!bundle.IsSealed && !bundle.IsDropped || bundle.TimeRow.Length == 0) continue;
            var at = (int)(bundle.Bundle % TimeChunk.Bundles) * TimeChunk.RowLength;
            if (at + TimeChunk.RowLength <= rows.Length && rows.Span.Slice(at, TimeChunk.RowLength).SequenceEqual(bundle.TimeRow)) continue;
            var first = bundle.Bundle * RedisKeys.BundleSize;
            findings.Add(new AuditFinding(
                first, first + RedisKeys.BundleSize - 1, AuditChecks.Times, "the index of times does not have the times of these entries, so that they are not found by time or id"));
        }
    }

    private async Task AuditUsersAsync(FindingList findings, IReadOnlyList<BundleFacts> facts, CancellationToken cancellationToken)
    {
        if (!facts.Any(bundle => bundle.IsSealed)) return;
        for (var attempt = 1; ; attempt++)
        {
            var wrong = await FindWrongUsersAsync(facts, cancellationToken);
            if (wrong.IsEmpty || attempt == Attempts)
            {
                findings.Add(wrong);
                return;
            }

            await reads.SettleAsync(attempt, cancellationToken);
        }
    }

    private async Task<FindingList> FindWrongUsersAsync(IReadOnlyList<BundleFacts> facts, CancellationToken cancellationToken)
    {
        var chunk = facts[0].Bundle / UserIndex.Bundles;
        var expected = new Dictionary<byte[], byte[]>(Utf8Keys.Comparer);
        foreach (var bundle in facts.Where(bundle => bundle.IsSealed))
        {
            foreach (var user in bundle.Counts.Users.Keys)
            {
                if (!expected.TryGetValue(user, out var bits)) expected[user] = bits = new byte[UserIndex.Bundles / 8];
                Set(bits, bundle.Bundle);
            }
        }

        var names = expected.Keys.Select(user => (Name: BundleContent.Unescape(user), Bits: expected[user])).Where(user => user.Name is not null).ToList();
        var stored = await reads.ReadEachAsync(
            names,
            async (db, user) =>
            {
                var bundles = db.StringGetAsync(reads.Keys.UserBundles(user.Name!, chunk));
                var chunks = db.StringGetBitAsync(reads.Keys.UserChunks(user.Name!), chunk);
                return (Bits: (ReadOnlyMemory<byte>)await bundles, HasChunk: await chunks);
            },
            cancellationToken);
        var head = await reads.ReadHeadAsync(cancellationToken);
        var wrong = new FindingList(options.MaxFindings);
        foreach (var (i, user) in names.Index())
        {
            var hasSome = false;
            foreach (var bundle in facts.Where(bundle => bundle.IsSealed))
            {
                // Dropped by now, or about to be: taken out of the index first.
                var first = bundle.Bundle * RedisKeys.BundleSize;
                if (first < Math.Max(head.First, head.DroppingEnd)) continue;
                var (isThere, isIndexed) = (Has(user.Bits, bundle.Bundle), Has(stored[i].Bits.Span, bundle.Bundle));
                hasSome |= isThere;
                if (isThere == isIndexed) continue;
                wrong.Add(new AuditFinding(
                    first, first + RedisKeys.BundleSize - 1, AuditChecks.Users, isThere
                        ? $"the index of users does not have entries that user {user.Name} has among these"
                        : $"the index of users has entries of user {user.Name} among these, but there are none"));
            }

            if (hasSome && !stored[i].HasChunk)
                wrong.Add(AuditChecks.Users, $"the index of users does not lead to the entries of user {user.Name} in the bundles {chunk * UserIndex.Bundles} to {((chunk + 1) * UserIndex.Bundles) - 1}");
        }

        return wrong;
    }

    private async Task AuditOtherIdsAsync(
        FindingList findings, AuditHead head, IReadOnlyList<BundleFacts> facts, CancellationToken cancellationToken)
    {
        var others = facts.SelectMany(bundle => bundle.Others.Select(place => (bundle.IsSealed, Sequence: (bundle.Bundle * RedisKeys.BundleSize) + place, Id: Bytes(bundle.Ids[place]!.Value)))).ToList();
        for (var attempt = 1; others.Count > 0; attempt++)
        {
            var rows = await reads.ReadEachAsync(
                others,
                (db, other) =>
                {
                    var fingerprint = new IdFingerprint(other.Id);
                    return db.HashGetAsync(reads.Keys.SealedIds(fingerprint.Bucket), [other.Id, fingerprint.Bytes]);
                },
                cancellationToken);
            var wrong = others.Zip(rows).Where(pair => !IsRight(pair.First.IsSealed, pair.First.Sequence, pair.Second)).ToList();
            head = await reads.ReadHeadAsync(cancellationToken);
            wrong.RemoveAll(pair => pair.First.Sequence < Math.Max(head.First, head.DroppingEnd));
            others = [.. wrong.Select(pair => pair.First)];
            if (attempt == Attempts)
            {
                foreach (var ((_, sequence, _), row) in wrong)
                {
                    findings.Add(sequence, AuditChecks.Ids, row[1].IsNull
                        ? "the index of ids does not lead from the entry's id to it"
                        : "the entry's id is that of an entry which was dropped: this one was put there again");
                }

                return;
            }

            if (others.Count > 0) await reads.SettleAsync(attempt, cancellationToken);
        }

        // One that is not sealed needs no row, but has one soon before it is.
        static bool IsRight(bool isSealed, long sequence, RedisValue[] row) =>
            row[1].IsNull && (row[0].IsNull ? !isSealed : row[0].ToString() == sequence.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Looks for ids that are there twice. The second entry of an id can only be a copy of the first, with the same time; so only
    /// entries whose time is not later than that of all before can be one.
    /// </summary>
    private async Task AuditTwinsAsync(
        FindingList findings, IReadOnlyList<BundleFacts> facts, long latest, CancellationToken cancellationToken)
    {
        latest = Math.Max(latest, facts.Max(bundle => bundle.IsDropped ? bundle.LatestMicros : -1));
        var seen = new HashSet<UInt128>(facts.Count * RedisKeys.BundleSize);
        var late = new List<(long Sequence, LogId Id)>();
        foreach (var bundle in facts)
        {
            for (var place = 0; place < RedisKeys.BundleSize; place++)
            {
                if (bundle.Ids[place] is not { } id) continue;
                var sequence = (bundle.Bundle * RedisKeys.BundleSize) + place;
                if (!seen.Add(id)) findings.Add(sequence, AuditChecks.Ids, "the entry's id is also that of another entry");
                else if (bundle.Micros[place] <= latest) late.Add((sequence, LogId.Create(new Guid(Bytes(id), bigEndian: true).ToString())));
            }
        }

        foreach (var part in late.Chunk(LookUpAtOnce))
        {
            var (_, lookups) = await ids.FindAsync([.. part.Select(entry => entry.Id)], cancellationToken);
            var first = (await reads.ReadHeadAsync(cancellationToken)).First;
            foreach (var ((sequence, _), lookup) in part.Zip(lookups))
            {
                if (sequence < first) continue;
                if (lookup.State == IdState.Dropped)
                    findings.Add(sequence, AuditChecks.Ids, "the entry's id is that of an entry which was dropped: this one was put there again");
                else if (lookup.State == IdState.Stored && lookup.Found.Stored.Sequence < sequence && !lookup.Found.Stored.Record.IsEmpty)
                    findings.Add(sequence, AuditChecks.Ids, "the entry's id is also that of another entry");
            }
        }
    }

    private static void Set(byte[] bits, long bundle)
    {
        var place = (int)(bundle % UserIndex.Bundles);
        bits[place >> 3] |= (byte)(0x80 >> (place & 7));
    }

    private static bool Has(ReadOnlySpan<byte> bits, long bundle)
    {
        var place = (int)(bundle % UserIndex.Bundles);
        return place >> 3 < bits.Length && (bits[place >> 3] & (0x80 >> (place & 7))) != 0;
    }

    private static byte[] Bytes(UInt128 id)
    {
        var bytes = new byte[UuidBytes.Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return bytes;
    }
}
