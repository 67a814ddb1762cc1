using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Tree;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Carries out an audit, step by step: chunk after chunk of the log, and then what is of the log as a whole.</summary>
internal sealed class Auditor
{
    private readonly AuditReads _reads;
    private readonly BundleAudit _bundles;
    private readonly IndexAudit _indexes;
    private readonly ChunkAudit _chunks;
    private readonly TreeAudit _tree;
    private readonly HotAudit _hot;
    private readonly CountAudit _counts;
    private readonly KeyAudit _allKeys;
    private readonly AuditKeys _keys;
    private readonly TreeStore _published;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;

    public Auditor(
        RedisConnection connection,
        LeafSource leaves,
        SealedStore bundles,
        SealedIds ids,
        EntryCheck check,
        TreeStore tree,
        ICheckpointSigner signer,
        EntryHasher hasher,
        StoreOptions store,
        AuditOptions options,
        TimeProvider time)
    {
        (_published, _options, _time) = (tree, options, time);
        _reads = new AuditReads(connection, options, time);
        _keys = new AuditKeys(hasher);
        _bundles = new BundleAudit(_reads, leaves, bundles, check, DroppedNote.SealOf(hasher), options, time);
        _indexes = new IndexAudit(_reads, ids, options);
        _chunks = new ChunkAudit(_reads, _bundles, _indexes, _keys, options);
        _tree = new TreeAudit(_reads, tree, signer, store);
        _hot = new HotAudit(_reads, options);
        _counts = new CountAudit(_reads, _keys);
        _allKeys = new KeyAudit(_reads, connection, bundles, options);
    }

    /// <summary>Seals what the store holds of audits.</summary>
    public StoreSeal Seal => _keys.Reports;

    /// <summary>Makes an audit over what the published tree covers now; null when there is no tree.</summary>
    public async Task<AuditRecord?> BeginAsync(CancellationToken cancellationToken)
    {
        var state = await _reads.ReadAsync(_published.ReadAsync, cancellationToken);
        if (state.Size <= 0 && !_tree.IsKnown()) return null;
        var head = await _reads.ReadHeadAsync(cancellationToken);
        return new AuditRecord
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            State = AuditState.Running,
            Origin = state.Origin.Length > 0 ? state.Origin : _tree.Origin,
            Size = Math.Max(0, state.Size),
            Base = state.Base,
            Root = state.RootText,
            Note = state.Note,
            SecretId = _keys.SecretId,
            StartedAt = _time.GetUtcNow(),

            // One that is under way may be told of in what is covered.
            RedactionsBefore = head.IsRedacting ? -1 : head.Redactions,
        };
    }

    /// <summary>Takes an audit one step further, the last of which ends it.</summary>
    /// <param name="record">How far it is.</param>
    /// <param name="pace">How fast to go.</param>
    /// <param name="progress">Is told of entries that were looked at, from several threads.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    public async Task<AuditRecord> StepAsync(AuditRecord record, AuditPace pace, Action<int> progress, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();

        // What was added up in a process with another secret is added up anew at the end.
        if (record.SecretId != _keys.SecretId) record = record with { SecretId = _keys.SecretId, Chunks = [] };
        var next = record.NextBundle < record.Target.Bundles
            ? await _chunks.AuditAsync(record, pace, progress, cancellationToken)
            : await EndAsync(record, pace, cancellationToken);
        return next with { Worked = record.Worked + _time.GetElapsedTime(begun) };
    }

    private async Task<AuditRecord> EndAsync(AuditRecord record, AuditPace pace, CancellationToken cancellationToken)
    {
        var findings = new FindingList(_options.MaxFindings, record.Findings, record.MoreFindings);
        var count = new RecordCount(_bundles, _keys, record, pace, _options.MaxFindings);
        await _tree.AuditAsync(record, findings, cancellationToken);
        await AuditSealedSinceAsync(record, count, findings, cancellationToken);
        var hot = await _hot.AuditAsync(count, findings, cancellationToken);
        var obstacle = await _counts.AuditAsync(record, count, findings, cancellationToken);
        await AuditUntoldAsync(record, count, findings, cancellationToken);
        await _allKeys.AuditAsync(
            record,
            async (head, from, to) => (await count.SumAsync(head, from, to, cancellationToken)).Others,
            hot,
            findings,
            cancellationToken);
        return record with
        {
            State = AuditState.Completed,
            EndedAt = _time.GetUtcNow(),
            Findings = findings.Kept,
            MoreFindings = findings.More,
            Unchecked = obstacle is null ? [] : [obstacle],
        };
    }

    /// <summary>Looks at the indexes of bundles that were in the hot part when their entries were looked at.</summary>
    private async Task AuditSealedSinceAsync(AuditRecord record, RecordCount count, FindingList findings, CancellationToken cancellationToken)
    {
        var head = await _reads.ReadHeadAsync(cancellationToken);
        var end = Math.Min(record.Size / RedisKeys.BundleSize, head.SealedBundles);
        for (var bundle = Math.Max(record.IndexedBundles, head.FirstBundle); bundle < end;)
        {
            var stop = Math.Min(end, ((bundle / ChunkAudit.Bundles) + 1) * ChunkAudit.Bundles);
            var facts = await count.ReadAsync(head, bundle, stop, cancellationToken);
            await _indexes.AuditAsync(findings, head, facts, latest: -1, cancellationToken);
            bundle = stop;
        }
    }

    private async Task AuditUntoldAsync(AuditRecord record, RecordCount count, FindingList findings, CancellationToken cancellationToken)
    {
        if (record.Untold.Count == 0) return;
        var head = await _reads.ReadHeadAsync(cancellationToken);
        var told = new HashSet<long>();
        for (var at = record.Size; at < head.Next;)
        {
            var (bundle, first) = Math.DivRem(at, RedisKeys.BundleSize);
            var stop = Math.Min(head.Next, (bundle + 1) * RedisKeys.BundleSize);
            var facts = await count.ReadAsync(head, bundle, (int)first, (int)(stop - (bundle * RedisKeys.BundleSize)), cancellationToken);
            told.UnionWith(facts.Tellings.Select(telling => telling.Target));
            at = stop;
        }

        foreach (var sequence in record.Untold.Order().Where(sequence => sequence >= head.First && !told.Contains(sequence)))
            findings.Add(sequence, AuditChecks.Redaction, "the entry is redacted, but no entry tells who did so and why");
    }
}
