using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// Every process's witness: it looks at each tree that is published, and remembers on its own disk what it has seen and signed. A
/// store that lost something, went back or was changed makes it refuse, and while it does nothing is published by any process.
/// </summary>
internal sealed class TreeGuard(
    RedisConnection connection,
    IStoreDurability durability,
    TreeStore tree,
    ICheckpointSigner signer,
    StoreOptions store,
    IntegratorOptions options,
    TimeProvider time,
    ILogger<TreeGuard> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly TreeCheck _check = new(connection, signer);
    private readonly SigningDelay _delay = new(options, time, logger);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _due = new(0, 1);
    private CheckpointFiles? _files;
    private TreeWitness? _witness;
    private TreeProblem? _ofTheFiles;
    private (TreeProblem Problem, Func<CancellationToken, Task<bool>> IsLeft)? _ofAnEntry;

    // Under the turn: what is published and what is noted of it change together.
    private volatile TreeState? _right;
    private volatile PublishedCheckpoint? _latest;
    private volatile string? _refusal;

    /// <summary>Raised when <see cref="Refusal"/> has changed. A handler must return at once.</summary>
    public event Action? RefusalChanged;

    /// <summary>Why nothing may be signed, in a sentence; null when nothing is known against it.</summary>
    public string? Refusal => _refusal;

    /// <summary>What waits longer to be signed than it should although nothing is refused, in a sentence; null when nothing does.</summary>
    public string? Delay => _refusal is null ? _delay.Problem : null;

    /// <summary>The newest checkpoint that was found right.</summary>
    /// <remarks>
    /// While nothing is signed and none was found right since the start, it is the newest one that this process has signed or seen before
    /// that: to say then that there is none would be untrue.
    /// </remarks>
    public PublishedCheckpoint? Latest => _latest ?? (_refusal is null ? null : _witness?.Newest);

    /// <summary>The smallest tree that was signed and is larger than another one, with what must be its root.</summary>
    public Checkpoint? SignedAbove(long size) => _witness?.Signed.Where(signed => signed.Size > size).MinBy(signed => signed.Size);

    /// <exception cref="StartRefusedException">The files can't be read or written.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Open();
        connection.Restored += LookAnew;
        try
        {
            await CheckAsync(connection.Database, cancellationToken);
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null)
        {
            // It is checked before anything is signed, and told of by whoever watches the store.
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        connection.Restored -= LookAnew;
        _files?.Dispose();
        _turn.Dispose();
        _due.Dispose();
        base.Dispose();
    }

    /// <summary>Looks at the published tree.</summary>
    /// <returns>The tree when it may be added to; null when nothing may be signed.</returns>
    public async Task<TreeState?> CheckAsync(IDatabase db, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Open();
            if (await FindStateAsync(db) is not { } state) return null;
            var head = await db.HashGetAsync(connection.Keys.Head, ["epoch", "next"]);
            var log = new LogHead((string?)head[0] ?? "", head[1].TryParse(out long next) ? next : 0);
            _delay.Note(state.Size, log.Next);
            var problem = _ofTheFiles ?? await _check.FindAsync(state, log, _witness!, _right, cancellationToken);
            problem ??= await FindOfEntryAsync(cancellationToken);
            if (problem is not null)
            {
                await RefuseAsync(db, state, problem);
                return null;
            }

            if (state.ReadCheckpoint() is { } published)
            {
                _witness!.NoteSeen(published);
                _latest = published;
            }

            _right = state;
            Accept();
            return state;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Signs a tree, keeps the signature, and publishes it.</summary>
    /// <returns>The published tree; null when another one is there by now, or nothing may be signed.</returns>
    public async Task<TreeState?> PublishAsync(
        IDatabase db,
        TreeState former,
        string epoch,
        TreeEdge edge,
        IReadOnlyList<(Tile Tile, byte[] Hashes)> full,
        IReadOnlyList<Tile> moved,
        CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_refusal is not null || _right is null || !former.IsSameAs(_right)) return null;
            var checkpoint = new Checkpoint(signer.Key.Name, edge.Size, edge.Root());
            var note = signer.Sign(checkpoint);
            var next = former.With(epoch, edge, checkpoint, note, time.GetUtcNow());

            // Before anybody else can know of it: should the store forget it, this still tells.
            _witness!.AddSigned(checkpoint, note);
            if (!await tree.PublishAsync(db, former, next, full, moved)) return null;
            await connection.CommitAsync(durability, cancellationToken);
            _witness.NotePublished(checkpoint);
            _latest = new PublishedCheckpoint(checkpoint, note, next.SignedAt);
            _right = next;
            return next;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Refuses to go on from a tree, for all processes.</summary>
    public async Task RefuseAsync(IDatabase db, TreeState judged, string reason, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RefuseAsync(db, judged, new TreeProblem(reason, IsOfTheStore: true));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Refuses to go on by this process alone, over an entry that a process with another secret may find right: an entry that was
    /// changed stops each of them by itself.
    /// </summary>
    /// <param name="reason">Why, in a sentence.</param>
    /// <param name="isLeft">Says whether it is still so.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RefuseOverEntryAsync(string reason, Func<CancellationToken, Task<bool>> isLeft, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var problem = new TreeProblem(reason, IsOfTheStore: false);
            _ofAnEntry = (problem, isLeft);
            Refuse(problem);
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Once: each further call would add a handler.
        await connection.SubscribeAsync(connection.Keys.Published, _ => Wake());
        while (!stoppingToken.IsCancellationRequested)
        {
            await AttemptAsync(stoppingToken);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_due.WaitAsync(wait.Token), Task.Delay(Poll, time, wait.Token));
            await wait.CancelAsync();
        }
    }

    // Whatever goes wrong, the next look may be better; the process would end with this loop.
    private async Task AttemptAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CheckAsync(connection.Database, stoppingToken);
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null || stoppingToken.IsCancellationRequested)
        {
            // Told of by whoever watches the store; until it is back, nothing is signed.
        }
        catch (Exception fault)
        {
            logger.CheckFailed(fault);
        }
    }

    private void Open()
    {
        if (_witness is not null) return;
        try
        {
            _files ??= new CheckpointFiles(store.DataDirectory, signer.Key.Name);
            var problem = TreeWitness.TryLoad(_files, store.DataDirectory, signer, out _witness);
            _ofTheFiles = problem is null ? null : new TreeProblem($"DATA_DIR: {problem}.", IsOfTheStore: false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"DATA_DIR: {CheckpointFiles.FolderOf(store.DataDirectory)}, where the signed checkpoints are kept, can't be read or written: "
                    + fault.Message.ReplaceLineEndings(" "),
                fault);
        }
    }

    /// <summary>Reads the tree; refuses when something else is in its place.</summary>
    private async Task<TreeState?> FindStateAsync(IDatabase db)
    {
        try
        {
            return await tree.ReadAsync(db);
        }
        catch (RedisServerException fault) when (StoreFaults.Classify(fault) is null)
        {
            await RefuseAsync(db, TreeState.None, new TreeProblem("The published tree was replaced in the store by something that is none.", IsOfTheStore: false));
            return null;
        }
    }

    /// <summary>Looks at the entry again that this process has refused over: what others sign of it makes it no better by its own secret.</summary>
    private async Task<TreeProblem?> FindOfEntryAsync(CancellationToken cancellationToken)
    {
        if (_ofAnEntry is not var (problem, isLeft)) return null;
        if (await isLeft(cancellationToken)) return problem;
        _ofAnEntry = null;
        return null;
    }

    private async Task RefuseAsync(IDatabase db, TreeState judged, TreeProblem problem)
    {
        Refuse(problem);
        if (problem.IsOfTheStore && judged.Refused.Length == 0) await tree.RefuseAsync(db, judged, problem.Reason);
    }

    private void Refuse(TreeProblem problem)
    {
        _right = null;
        if (_refusal != problem.Reason)
        {
            _refusal = problem.Reason;
            connection.IntegrityRefusal = options.AcceptUnsigned ? null : problem.Reason;
            connection.IsSigningRefused = true;
            logger.Refused(problem.Reason);
            RefusalChanged?.Invoke();
        }
    }

    private void Accept()
    {
        if (_refusal is null) return;
        _refusal = null;
        connection.IntegrityRefusal = null;
        connection.IsSigningRefused = false;
        logger.Accepted();
        RefusalChanged?.Invoke();
    }

    private void LookAnew()
    {
        // It may be another store by now, also one with the same tree and less of a log.
        _right = null;
        Wake();
    }

    private void Wake()
    {
        lock (_due)
        {
            if (_due.CurrentCount == 0) _due.Release();
        }
    }
}
