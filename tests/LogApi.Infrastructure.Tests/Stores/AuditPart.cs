using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Audit;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>What one process audits with; and a tree over the log, made by hand from what was stored.</summary>
internal sealed class AuditPart
{
    private readonly LogProcess _process;
    private readonly TreeStore _tree;
    private readonly LeafSource _leaves;
    private readonly EntryCheck _check;
    private readonly AuditOptions _options;

    public AuditPart(LogProcess process, AuditOptions? options = null, EntryHasher? hasher = null, TempDirectory? folder = null)
    {
        (_process, _options) = (process, options ?? new AuditOptions());
        _tree = new TreeStore(process.Connection, new TreeScripts());
        _leaves = new LeafSource(process.Connection, process.Sealed.Bundles);
        _check = new EntryCheck(hasher ?? Some.Hasher);
        Auditor = new Auditor(
            process.Connection, _leaves, process.Sealed.Store, process.Sealed.Ids, _check, _tree, Signer, hasher ?? Some.Hasher, new StoreOptions { DataDirectory = folder?.Path ?? "none" }, _options,
            TimeProvider.System);
    }

    public static CheckpointSigner Signer { get; } = CheckpointSigner.TryCreate(Some.SigningKey, out var signer, out _) ? signer : throw new InvalidOperationException();

    public Auditor Auditor { get; }

    /// <summary>Signs the log as it is, with all full tiles under keys of their own but those of the last bundle.</summary>
    public async Task PublishAsync(long? size = null)
    {
        var db = _process.Connection.Database;
        var head = await _process.Logs.GetHeadAsync(default);
        var state = await _tree.ReadAsync(db);
        Assert.That(TreeEdge.TryCreate(state.Size, state.Size == 0 ? [] : state.Partials, out var edge));
        var full = new List<(Tile Tile, byte[] Hashes)>();
        foreach (var run in Infrastructure.Redis.BundleRun.Cover(state.Size, (int)((size ?? head.Next) - state.Size)))
        {
            var content = await _leaves.ReadAsync(run, default);
            for (var place = run.First; place <= run.Last; place++)
            {
                Assert.That(_check.Judge(content, place, out var leaf), Is.Null);
                edge!.Append(leaf, (tile, hashes) => full.Add((tile, hashes)));
            }
        }

        await _tree.MoveAsync(db, Signer.Key.Name, await _tree.ReadUnmovedAsync(db));
        var checkpoint = new Checkpoint(Signer.Key.Name, edge!.Size, edge.Root());
        var next = state.With(head.Epoch, edge, checkpoint, Signer.Sign(checkpoint), Some.Time);
        Assert.That(await _tree.PublishAsync(db, state, next, full, await _tree.ReadUnmovedAsync(db)));
    }

    /// <summary>Audits the log to the end.</summary>
    public async Task<AuditReport> AuditAsync(AuditPace? pace = null)
    {
        var record = await Auditor.BeginAsync(default);
        Assert.That(record, Is.Not.Null);
        while (record!.State == AuditState.Running) record = await Auditor.StepAsync(record, pace ?? AuditPace.Full(TimeProvider.System), _ => { }, default);
        return record.ToReport();
    }
}
