using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// Adds new entries to the tree and publishes it, while this process has the lease. Everything may be cut off anywhere and be done
/// again, by any process: what is signed follows from the entries alone, and <c>publish.lua</c> takes a tree only in the place of
/// the one that it has grown from.
/// </summary>
internal sealed class Integrator(
    RedisConnection connection,
    IStoreDurability durability,
    HeadReader heads,
    IntegratorLease lease,
    TreeStore tree,
    TreeGuard guard,
    LeafReader leaves,
    IntegratorOptions options,
    TimeProvider time,
    ILogger<Integrator> logger) : BackgroundService
{
    private const int MostLeaves = 16_384;

    // What the next process waits for, besides the lease, when this one dies.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);

    private readonly SemaphoreSlim _appended = new(0, 1);

    // What this process has published or found right last, and which full tiles of it have no keys of their own.
    private (TreeState State, TreeEdge Edge, IReadOnlyList<Tile> Unmoved)? _current;
    private long? _published;
    private volatile bool _isLeader;

    // The same one again, several times a second, is no news.
    private string? _lastFault;

    // How long it is to the next checkpoint at least; nothing when one may be made now.
    private TimeSpan? Rest =>
        _published is { } before && options.Interval - time.GetElapsedTime(before) is var rest && rest > TimeSpan.Zero ? rest : null;

    /// <summary>Does once what is due.</summary>
    /// <returns>How long there is nothing more to do, unless entries come.</returns>
    public async Task<TimeSpan> StepAsync(IDatabase db, CancellationToken cancellationToken)
    {
        if (guard.Refusal is not null)
        {
            // What stops this process may be its own; another one goes on.
            if (_isLeader) await lease.ReleaseAsync(db);
            _isLeader = false;
            _current = null;
            return Look;
        }

        _isLeader = await lease.TryHoldAsync(db);
        if (!_isLeader)
        {
            _current = null;
            return Look;
        }

        if (Rest is { } rest) return rest < Look ? rest : Look;
        _current ??= await LoadAsync(db, cancellationToken);
        if (_current is not { } current) return Look;

        var extent = await heads.ReadAsync(db);
        if (extent.Head.Epoch.Length == 0) return Look;
        var (state, edge, unmoved) = current;
        if (state.Size > 0 && (extent.Head.Epoch != state.Epoch || extent.Head.Next < state.Size))
        {
            // The next look finds out what happened, and refuses.
            _current = null;
            return TimeSpan.Zero;
        }

        var end = Math.Min(Math.Min(extent.Head.Next, state.Size + MostLeaves), guard.SignedAbove(state.Size)?.Size ?? long.MaxValue);
        if (end <= state.Size) return Look;

        // A crash must not take entries away that are signed already.
        await connection.CommitAsync(durability, cancellationToken);
        _current = null;
        var grown = edge.Copy();
        var full = new List<(Tile Tile, byte[] Hashes)>();
        if (!state.Exists && extent.Head.First > 0) state = state with { Base = extent.Head.First };
        var lost = 0;
        await foreach (var leaf in leaves.ReadAsync(db, state, (int)(end - state.Size), cancellationToken))
        {
            if (leaf.Problem is not null)
            {
                await RefuseAsync(db, state, extent, leaf, cancellationToken);
                return TimeSpan.Zero;
            }

            if (leaf.IsLost) lost++;
            grown.Append(leaf.Hash, (tile, hashes) => full.Add((tile, hashes)));
        }

        if (lost > 0) logger.LeavesLost(lost, state.Size, end - 1);

        if (await FindContradictionAsync(db, state, grown, cancellationToken)) return TimeSpan.Zero;
        if (!await lease.KeepAsync(db)) return Look;
        await tree.MoveAsync(db, state.Origin, unmoved);
        await connection.CommitAsync(durability, cancellationToken);
        if (await guard.PublishAsync(db, state, extent.Head.Epoch, grown, full, unmoved, cancellationToken) is not { } next) return Look;
        logger.Published(next.Size);
        _lastFault = null;
        _current = (next, grown, [.. full.Select(row => row.Tile)]);
        if (next.Size < extent.Head.Next) return TimeSpan.Zero;
        _published = time.GetTimestamp();
        return Look;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lease.ReleaseAtStopAsync(connection);
    }

    public override void Dispose()
    {
        _appended.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Once: each further call would add a handler. A message that is lost costs no more than one look.
        await connection.SubscribeAsync(connection.Keys.Appended, _ => Wake());
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await AttemptAsync(stoppingToken);
            if (pause > TimeSpan.Zero) await WaitAsync(pause, stoppingToken);
        }
    }

    private async Task<(TreeState State, TreeEdge Edge, IReadOnlyList<Tile> Unmoved)?> LoadAsync(IDatabase db, CancellationToken cancellationToken)
    {
        if (await guard.CheckAsync(db, cancellationToken) is not { } state) return null;
        var unmoved = await tree.ReadUnmovedAsync(db);
        return TreeEdge.TryCreate(state.Size, state.Partials, out var edge) ? (state, edge, unmoved) : null;
    }

    /// <summary>Refuses to sign over an entry, unless it was only the look at it that went wrong.</summary>
    private async Task RefuseAsync(IDatabase db, TreeState state, LogExtent extent, NewLeaf leaf, CancellationToken cancellationToken)
    {
        // A store that went back meanwhile is another matter, for the guard.
        var now = await heads.ReadAsync(db);
        if (now.Head.Epoch != extent.Head.Epoch || now.Head.Next < extent.Head.Next) return;
        if (await leaves.JudgeAsync(leaf.Sequence, cancellationToken) is not { } problem) return;
        if (problem.IsOfSecret)
        {
            await guard.RefuseOverEntryAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Entry {leaf.Sequence}, which is not signed yet, is not right by this process's secret (JWT_SECRET_KEY): {problem.Text}."),
                async token => await leaves.JudgeAsync(leaf.Sequence, token) is { IsOfSecret: true },
                cancellationToken);
            return;
        }

        await guard.RefuseAsync(
            db,
            state,
            string.Create(CultureInfo.InvariantCulture, $"Entry {leaf.Sequence} was changed in the store before it was signed: {problem.Text}."),
            cancellationToken);
    }

    /// <summary>Refuses to go on when the entries don't give again what was signed over them before.</summary>
    private async Task<bool> FindContradictionAsync(IDatabase db, TreeState state, TreeEdge grown, CancellationToken cancellationToken)
    {
        if (guard.SignedAbove(state.Size) is not { } signed || signed.Size != grown.Size || signed.Root == grown.Root()) return false;
        await guard.RefuseAsync(
            db,
            state,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The entries {state.Size} to {signed.Size - 1} are not those that were signed: entries were changed, or lost and replaced by others."),
            cancellationToken);
        return true;
    }

    // Whatever goes wrong, nothing is lost by trying again, and the process would end with this loop.
    private async Task<TimeSpan> AttemptAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await StepAsync(connection.BulkDatabase, stoppingToken);
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // A store that is away is told of by whoever watches it, and is asked again several times a second.
            _current = null;
            if (StoreFaults.Classify(fault) is null && fault.Message != _lastFault) logger.IntegrationFailed(fault);
            else logger.Postponed(fault);
            _lastFault = fault.Message;
            return Look;
        }
        catch (Exception fault) when (fault is OperationCanceledException or StoreUnavailableException or RedisException)
        {
            return Look;
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        // Under load a message comes with each batch, and none of them is news before the next checkpoint is due.
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        if (Rest is not null) await Task.Delay(pause, time, wait.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else await Task.WhenAny(_appended.WaitAsync(wait.Token), Task.Delay(pause, time, wait.Token));
        await wait.CancelAsync();
    }

    private void Wake()
    {
        if (!_isLeader) return;
        lock (_appended)
        {
            if (_appended.CurrentCount == 0) _appended.Release();
        }
    }
}
